"""A compiled expression."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from services.surveys.model.logic.evaluating import work_out
from services.surveys.model.logic.reading import read
from services.surveys.model.logic.scope import Run, Scope
from services.surveys.model.logic.tree import Tree
from services.surveys.model.logic.values import Value


@dataclass(frozen=True, slots=True)
class Expression:
    """`text` as it was written; `tree`, which the browser runs (JSON); `names`, the questions that it looks at;
    `columns`, the columns of a choice that it looks at, which only a choice filter has."""

    text: str
    tree: Tree
    names: frozenset[str]
    columns: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Self:
        tree = read(text)
        found = set(_named(tree))
        return cls(
            text,
            tree,
            frozenset(name for kind, name in found if kind == "answer"),
            frozenset(name for kind, name in found if kind == "column"),
        )

    def evaluate(self, scope: Scope) -> Value:
        """The value in this scope. Never raises."""
        return work_out(self.tree, Run(scope))


def _named(tree: Tree) -> Iterator[tuple[str, str]]:
    if tree[0] in ("answer", "column"):
        yield tree[0], tree[1]
    elif tree[0] == "call" and tree[1] == "jr:choice-name":
        yield from _named(tree[2])
        yield "answer", tree[3][1].removeprefix("${").removesuffix("}").strip()
    else:
        for part in tree[1:]:
            if isinstance(part, tuple):
                yield from _named(part)


@lru_cache(maxsize=2_000)
def parse(text: str) -> Expression:
    """The expression that `text` is. Raises LogicError, which says what is wrong and at which character."""
    return Expression.of(text)
