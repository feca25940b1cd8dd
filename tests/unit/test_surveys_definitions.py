"""The rules that a questionnaire keeps before it can be stored: every fault by its field, in exact words."""

from typing import Any

import pytest

from services.surveys.model import Fault, faults_of


def defined(**changes: Any) -> dict[str, Any]:
    """A definition without a fault, but for `changes`."""
    return {
        "title": "Taking part",
        "sections": ({"code": "s", "title": "S", "items": ({"code": "x", "text": "?", "kind": "text"},)},),
        "consent": {"version": "1", "purposes": {"better": "Better services"}, "required": ("better",)},
        **changes,
    }


def test_a_definition_without_a_fault() -> None:
    assert faults_of(defined()) == []


def asked(**item: Any) -> list[Fault]:
    """The faults of one question."""
    sections = ({"code": "s", "title": "S", "items": ({"code": "x", "text": "?", **item},)},)
    return faults_of(defined(sections=sections))


STEPS = "A scale runs over whole numbers, from low to high, 100 steps at the most."
SLIDING = "From low to high there must be whole steps, from 1 to 10,000 of them."
MANY = "Say how many choices, as a whole number; there must be as many to choose from."
LETTERS = "Say how many letters at the most: a whole number from 1 to 20,000."
DAY = "Say a day as year-month-day, such as 2026-11-25, or today."
ROWS = ({"code": "r", "label": "R"},)
LABEL = "A label belongs to a whole number from -1 to 3."
TWO = ({"code": "a", "label": "A"}, {"code": "b", "label": "B"})


@pytest.mark.parametrize(
    ("item", "field", "message"),
    [
        ({"kind": "scale", "maximum": 3}, ("minimum",), "A scale needs a lowest and a highest number."),
        ({"kind": "scale", "minimum": 3}, ("maximum",), "A scale needs a lowest and a highest number."),
        ({"kind": "scale", "minimum": 0.5, "maximum": 3}, ("maximum",), STEPS),
        ({"kind": "scale", "minimum": 0, "maximum": 3.5}, ("maximum",), STEPS),
        ({"kind": "scale", "minimum": 3, "maximum": 3}, ("maximum",), STEPS),
        ({"kind": "scale", "minimum": 0, "maximum": 101}, ("maximum",), STEPS),
        *(
            ({"kind": "scale", "minimum": -1, "maximum": 3, "labels": {label: "x"}}, ("labels", label), LABEL)
            for label in ("4", "-2", "--1", "²", "1.0", "", "low", "9" * 5_000)
        ),
        (
            {"kind": "number", "minimum": 2, "maximum": 2},
            ("maximum",),
            "The highest number must be above the lowest.",
        ),
        ({"kind": "single_choice"}, ("choices",), "Give at least two choices."),
        ({"kind": "multiple_choice", "choices": TWO[:1]}, ("choices",), "Give at least two choices."),
        (
            {"kind": "multiple_choice", "choices": (*TWO, TWO[0])},
            ("choices", "a"),
            "Two choices have this code; give one of them another.",
        ),
        (
            {"kind": "single_choice", "choices": tuple(c | {"score": 1} for c in TWO)},
            ("choices",),
            "Scores of the choices must differ, or be left out.",
        ),
        ({"kind": "text", "choices": TWO}, ("choices",), "A text has no choices; leave it out."),
    ],
)
def test_faults_of_a_question(item: dict[str, Any], field: tuple[str, ...], message: str) -> None:
    assert asked(**item) == [Fault(("sections", "s", "items", "x", *field), message)]


@pytest.mark.parametrize(
    ("item", "field", "message"),
    [
        ({"kind": "slider", "minimum": 0}, ("maximum",), "A slider needs a lowest and a highest number."),
        *(
            ({"kind": "slider", "minimum": 0, "maximum": 1, "step": step}, ("step",), SLIDING)
            for step in (0.3, 2, 0, -1, 1e-9)
        ),
        (
            {"kind": "slider", "minimum": 0, "maximum": 10, "labels": {"11": "x"}},
            ("labels", "11"),
            "A label belongs to a whole number from 0 to 10.",
        ),
        ({"kind": "number", "step": 0}, ("step",), "A step must be more than 0."),
        ({"kind": "text", "rows": ROWS}, ("rows",), "A text has no rows; leave it out."),
        ({"kind": "note", "required": True}, ("required",), "A note has no required; leave it out."),
        ({"kind": "long_text", "other": True}, ("other",), "A long text has no other; leave it out."),
        ({"kind": "ranking", "choices": TWO, "maximum": 3}, ("maximum",), MANY),
        ({"kind": "multiple_choice", "choices": TWO, "minimum": 0}, ("minimum",), MANY),
        ({"kind": "multiple_choice", "choices": TWO, "minimum": 1.5}, ("minimum",), MANY),
        (
            {"kind": "multiple_choice", "choices": TWO, "minimum": 2, "maximum": 1},
            ("maximum",),
            "The most choices must not be fewer than the fewest.",
        ),
        (
            {"kind": "single_choice", "choices": (TWO[0], {**TWO[1], "exclusive": True})},
            ("choices", "b", "exclusive"),
            "Only a choice among several can be one that goes with no other.",
        ),
        (
            {"kind": "single_choice", "choices": (*TWO, {"code": "prefer_not_to_say", "label": "x"})},
            ("choices", "prefer_not_to_say"),
            "This code is kept for declining; leave the choice out, and set prefer_not_to_say.",
        ),
        ({"kind": "matrix", "choices": TWO}, ("rows",), "Give at least one row."),
        ({"kind": "matrix", "choices": TWO[:1], "rows": ROWS}, ("choices",), "Give at least two choices."),
        ({"kind": "matrix", "rows": ROWS}, ("minimum",), "A scale needs a lowest and a highest number."),
        (
            {"kind": "matrix", "rows": (*ROWS, ROWS[0]), "choices": TWO},
            ("rows", "r"),
            "Two rows have this code; give one of them another.",
        ),
        (
            {"kind": "matrix", "rows": ROWS, "choices": TWO, "minimum": 1, "maximum": 5},
            ("choices",),
            "Rows are answered with choices or with numbers; leave out one of the two.",
        ),
        *(({"kind": "text", "maximum": most}, ("maximum",), LETTERS) for most in (0, 1.5, 20_001)),
        *(({"kind": "date", "earliest": day}, ("earliest",), DAY) for day in ("2026-13-01", "tomorrow", "20261125")),
        (
            {"kind": "date", "earliest": "2026-11-25", "latest": "2026-11-24"},
            ("latest",),
            "The last day must not be before the first.",
        ),
        ({"kind": "calculation"}, ("calculation",), "Say how it is worked out."),
        (
            {"kind": "calculation", "calculation": "1", "maximum": 3},
            ("minimum",),
            "Give both bounds, or none.",
        ),
    ],
)
def test_faults_of_questions_of_other_kinds(item: dict[str, Any], field: tuple[str, ...], message: str) -> None:
    assert asked(**item) == [Fault(("sections", "s", "items", "x", *field), message)]


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "scale", "minimum": 0, "maximum": 100},
        {"kind": "scale", "minimum": -1, "maximum": 3, "labels": {"-1": "Never", "3": "Always"}},
        {"kind": "number", "maximum": 2},
        {"kind": "multiple_choice", "choices": tuple(c | {"score": 1} for c in TWO)},
        {"kind": "multiple_choice", "choices": TWO, "minimum": 1, "maximum": 3, "other": True},
        {"kind": "slider", "minimum": 0, "maximum": 1, "step": 0.1},
        {"kind": "matrix", "rows": ROWS, "minimum": 1, "maximum": 5, "labels": {"1": "Never"}},
        {"kind": "date", "earliest": "today"},
        {"kind": "calculation", "calculation": "today()", "relevance": "true()"},
        {"kind": "note"},
        {"kind": "consent", "required": True},
    ],
)
def test_questions_without_a_fault(item: dict[str, Any]) -> None:
    assert asked(**item) == []


def test_faults_of_the_whole_are_named_all_at_once_in_its_own_order() -> None:
    text = {"kind": "text", "text": "?"}
    section = {"code": "s", "items": ({"code": "x", **text}, {"code": "x", **text})}
    age = {"code": "age", "categories": {"young": "Young"}}
    consent = {"version": "1", "purposes": {}, "required": ("better",)}
    wrong = defined(sections=(section, {"code": "s", "items": ()}), attributes=(age, age), consent=consent)
    assert faults_of(wrong) == [
        Fault(("sections", "s"), "Two sections have this code; give one of them another."),
        Fault(("items", "x"), "Two questions have this code; give one of them another."),
        Fault(("attributes", "age"), "Two attributes have this code; give one of them another."),
        Fault(("attributes", "age", "categories"), "Give at least two categories."),
        Fault(("attributes", "age", "categories"), "Give at least two categories."),
        Fault(("consent", "required"), '"better" is not one of the purposes; add it or take it out.'),
        Fault(("consent", "purposes"), "Say at least one purpose that people can agree to."),
    ]


def test_a_questionnaire_asks_something() -> None:
    empty = [Fault(("sections",), "Add at least one question.")]
    assert faults_of(defined(sections=())) == empty
    assert faults_of(defined(sections=({"code": "s", "items": ()},))) == empty


def ruled(*items: dict[str, Any], **section: Any) -> list[Fault]:
    """The faults of a section with these items."""
    numbers = tuple({"kind": "number", "text": "?", **item} for item in items)
    return faults_of(defined(sections=({"code": "s", "title": "S", "items": numbers, **section},)))


def at(*path: str) -> tuple[str, ...]:
    return ("sections", "s", *path)


def test_an_expression_that_cannot_be_read_is_told_with_its_place() -> None:
    faults = ruled({"code": "a", "relevance": "1 +"}, {"code": "b", "constraint": ". == 3"}, relevance="maybe(")
    assert [fault.path for fault in faults] == [
        at("relevance"),
        at("items", "a", "relevance"),
        at("items", "b", "constraint"),
    ]
    assert faults[1].message == "The expression ends too early: something is missing at its end (at character 4)."


def test_names_that_are_not_there_are_told_with_the_nearest() -> None:
    assert ruled(
        {"code": "age", "required_if": "${agee} > 1 and ${zzz} = 2"}, {"code": "b", "constraint": "age > 1"}
    ) == [
        Fault(at("items", "age", "required_if"), "There is no question “agee”; perhaps “age” is meant."),
        Fault(at("items", "age", "required_if"), "There is no question “zzz”; add it, or take it out."),
        Fault(at("items", "b", "constraint"), "For the answer to a question, write ${age}."),
    ]


def test_a_choice_filter_looks_at_columns_that_are_there() -> None:
    filtered = tuple({**c, "filters": {"country": "x"}} for c in TWO)
    item = {"code": "a", "kind": "single_choice", "choices": filtered}
    assert ruled({**item, "choice_filter": "country = 'x' and name != 'y'"}) == []
    assert ruled({**item, "choice_filter": "county = 'x'"}) == [
        Fault(at("items", "a", "choice_filter"), "No choice has a column “county”; perhaps “country” is meant.")
    ]


@pytest.mark.parametrize(
    ("items", "section", "circle"),
    [
        (({"code": "a", "relevance": "${a} > 1"},), {}, "a → a"),
        (({"code": "a", "relevance": "${b} > 1"}, {"code": "b", "relevance": "${a} > 1"}), {}, "a → b → a"),
        (({"code": "a"}, {"code": "b"}), {"relevance": "${b} > 1"}, "s → b → s"),
        (({"code": "a"},), {"repeat": {"count": "${a}"}}, "s → a → s"),
        (
            (
                {"code": "a", "kind": "calculation", "calculation": "${c} + 1"},
                {"code": "b", "relevance": "${a} > 1"},
                {"code": "c", "relevance": "${b} > 1"},
            ),
            {},
            "a → c → b → a",
        ),
    ],
)
def test_questions_that_wait_for_each_other_are_named(
    items: tuple[dict[str, Any], ...], section: dict[str, Any], circle: str
) -> None:
    [fault] = ruled(*items, **section)
    names = circle.split(" → ")[:-1]
    turns = [" → ".join([*names[n:], *names[:n], names[n]]) for n in range(len(names))]
    assert fault.message in [
        f"These wait for each other's answers: {turn}. Let one of them stand alone." for turn in turns
    ]
    assert fault.path[0] == "items"
    assert fault.path[1] in names


def test_what_only_checks_answers_may_look_anywhere() -> None:
    assert ruled({"code": "a", "constraint": ". < ${b}"}, {"code": "b", "constraint": ". > ${a}"}) == []


def test_codes_that_would_be_mistaken_for_another() -> None:
    one = {"code": "a", "kind": "single_choice", "choices": TWO, "other": True}
    assert ruled(one, {"code": "a_other"}) == [
        Fault(("items", "a_other"), "The words to the choice “other” of a have this code; give the question another.")
    ]
    assert ruled({"code": "s"}, repeat={}) == [
        Fault(at("repeat"), "A question has this section's code; give one of them another.")
    ]
    assert ruled({"code": "a"}, repeat={"minimum": 3, "maximum": 2}) == [
        Fault(at("repeat", "maximum"), "The most times must not be fewer than the least.")
    ]
