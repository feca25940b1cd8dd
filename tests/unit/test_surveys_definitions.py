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
        ({"kind": "text", "choices": TWO}, ("choices",), "Only choice questions have choices."),
    ],
)
def test_faults_of_a_question(item: dict[str, Any], field: tuple[str, ...], message: str) -> None:
    assert asked(**item) == [Fault(("sections", "s", "items", "x", *field), message)]


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "scale", "minimum": 0, "maximum": 100},
        {"kind": "scale", "minimum": -1, "maximum": 3, "labels": {"-1": "Never", "3": "Always"}},
        {"kind": "number", "maximum": 2},
        {"kind": "multiple_choice", "choices": tuple(c | {"score": 1} for c in TWO)},
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
