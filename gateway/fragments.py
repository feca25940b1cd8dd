"""How far a document's fragments unfold, looked at before any rule walks them.

Fragments that spread each other twice over double the work at every level: twenty-five of them, in less than a
kilobyte, would keep a rule that follows each spread busy for minutes, and the whole gateway with it.
"""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
)
from strawberry.extensions import ValidationCache

MAX_UNFOLDED = 500
"""Spreads of a document once every fragment is written out where it is used."""
MAX_NESTED = 60
"""How deep selections may stand in each other; what is really asked may be far less deep (`limits.MAX_DEPTH`)."""


class GuardedValidation(ValidationCache):
    """Validation with remembered verdicts, for documents whose fragments do not unfold too far; those are refused."""

    def on_validate(self) -> Iterator[None]:
        """Look first, in time that grows with the document's length only."""
        document = self.execution_context.graphql_document
        if document is not None and unfolds_too_far(document):
            refusal = GraphQLError("the fragments unfold too far; use fewer", extensions={"code": "TOO_COSTLY"})
            self.execution_context.pre_execution_errors = [refusal]
            yield
        else:
            yield from super().on_validate()


class _Unfolding:
    """Counts spreads; what a fragment comes to is worked out once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode | None, open_fragments: tuple[str, ...] = (), nested: int = 0) -> int:
        """The spreads below these selections, at most a few more than allowed."""
        if selections is None:
            return 0
        if nested > MAX_NESTED or len(open_fragments) > MAX_NESTED:
            return MAX_UNFOLDED + 1
        count = 0
        for selection in selections.selections:
            if isinstance(selection, FragmentSpreadNode):
                count += 1 + self._of_fragment(selection.name.value, open_fragments)
            elif isinstance(selection, FieldNode | InlineFragmentNode):
                count += self.of(selection.selection_set, open_fragments, nested + 1)
            if count > MAX_UNFOLDED:
                break
        return count

    def _of_fragment(self, name: str, open_fragments: tuple[str, ...]) -> int:
        if name in open_fragments or name not in self._fragments:
            return 0  # a cycle, or nothing: validation says so in its own words
        if name not in self._known:
            self._known[name] = self.of(self._fragments[name].selection_set, (*open_fragments, name))
        return self._known[name]


def unfolds_too_far(document: DocumentNode) -> bool:
    """Whether the document's fragments, written out, come to more than is allowed."""
    unfolding = _Unfolding(document)
    return sum(unfolding.of(getattr(d, "selection_set", None)) for d in document.definitions) > MAX_UNFOLDED
