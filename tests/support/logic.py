"""The cases that hold both halves of the expression language, the server's and the browser's, to the same answers."""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from services.surveys.model.logic import FUNCTIONS, Scope, Tree, parse
from services.surveys.model.logic.tree import LEVELS, joined

FILE = Path(__file__).with_name("logic_cases.json")


class Case(NamedTuple):
    """An expression, what it sees, and what it must come to."""

    text: str
    scope: dict[str, Any]
    value: Any


def cases() -> list[Case]:
    """All of them."""
    said = json.loads(FILE.read_text())
    return [Case(text, said["scopes"][scope], value) for text, scope, value in said["cases"]]


def plain(value: Any) -> Any:
    """A value as JSON can hold it: numbers that JSON has not are `{"number": "NaN"}`, and zero has no sign."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, float | int) and not isinstance(value, bool):
        if math.isnan(value):
            return {"number": "NaN"}
        return {"number": f"{'-' * (value < 0)}Infinity"} if math.isinf(value) else value + 0.0
    return value


def worked_out(case: Case) -> Any:
    """What the server's half comes to, told apart by kind: 1 is not true."""
    return kinded(plain(parse(case.text).evaluate(Scope(**case.scope))))


def kinded(value: Any) -> Any:
    """A value with its kind."""
    if isinstance(value, list):
        return [kinded(one) for one in value]
    return (isinstance(value, bool), value)


_NAMES = st.sampled_from(["age", "sports", "years", "none", "missing", "a.b-c"])
_TEXTS = st.one_of(
    st.sampled_from(["", "yes", "2026-11-25", "12:30", "-1.5", " 7 ", "a b", "[a-z]+", "(a", "%Y-%m", "é👋"]),
    st.text(alphabet=st.characters(exclude_characters="'", exclude_categories=["Cs"]), max_size=8),
)
_NUMBERS = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 2.0, 20_782.25, 1e21, 1e-7]), st.floats(0, 1e308))


def _calls(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    def call(name: str) -> st.SearchStrategy[Tree]:
        least, most, _ = FUNCTIONS[name]
        given = st.lists(inner, min_size=least, max_size=min(most, least + 2))
        return given.map(lambda arguments: ("call", name, *arguments))

    apart = {"jr:choice-name", "weighted-checklist", "regex"}
    patterned = st.builds(lambda value, by: ("call", "regex", value, ("answer", by)), inner, _NAMES)
    weighed = st.builds(lambda *four: ("call", "weighted-checklist", *four), inner, inner, inner, inner)
    named = st.builds(lambda value: ("call", "jr:choice-name", value, ("text", "${sports}")), inner)
    chosen = st.builds(lambda *three: ("call", "if", *three), inner, inner, inner)
    indexed = st.builds(
        lambda name, place: ("call", "indexed-repeat", ("answer", name), ("answer", "r"), place), _NAMES, inner
    )
    most = st.sampled_from(sorted(set(FUNCTIONS) - apart)).flatmap(call)
    return st.one_of(most, patterned, weighed, named, chosen, indexed)


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(joined, st.sampled_from(sorted(LEVELS)), inner, inner),
        st.builds(lambda of: ("negative", of), inner),
        _calls(inner),
    )


TREES: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(
        st.builds(lambda value: ("number", value), _NUMBERS),
        st.builds(lambda value: ("text", value), _TEXTS),
        st.builds(lambda name: ("answer", name), _NAMES),
        st.builds(lambda name: ("column", name), st.sampled_from(["name", "div", "or", "a-b"])),
        st.just(("self",)),
        st.just(("parent",)),
    ),
    _grown,
    max_leaves=12,
)
"""Trees that can be read from a text."""


def scopes(numbers: st.SearchStrategy[float] = st.floats()) -> st.SearchStrategy[dict[str, Any]]:  # noqa: B008 a plan
    """What a tree may see, however odd. JSON has no NaN and no infinity: the browser is given `numbers` without."""
    answer = st.one_of(st.booleans(), st.integers(-100, 10**6), numbers, _TEXTS, st.none())
    return st.fixed_dictionaries(
        {
            "now": st.sampled_from(["2026-11-25T09:30:15.250+00:00", "", "x"]),
            "own": answer,
            "position": st.integers(1, 5),
            "answers": st.dictionaries(_NAMES, st.one_of(answer, st.lists(answer, max_size=3))),
            "repeats": st.dictionaries(_NAMES, st.lists(answer, max_size=3)),
            "columns": st.dictionaries(st.sampled_from(["name", "div"]), _TEXTS),
            "labels": st.just({"sports": {"yes": "Yes", "1": "One"}}),
        }
    )
