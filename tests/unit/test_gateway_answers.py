"""Answers as clients send them, turned into what the surveys service takes, and back."""

from typing import Any

import pytest
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_argument

from gateway.surveys.inputs import AnswerInput, answers
from gateway.surveys.types import Answer
from schemas.errors import Invalid, Problem

WAYS = "fill one of number, choice, choices, text, rows, entries and declined"


def sent(**given: Any) -> AnswerInput:
    """An answer as strawberry builds it of a request."""
    built = convert_argument({"item": "q", **given}, AnswerInput, {}, StrawberryConfig())
    assert isinstance(built, AnswerInput)
    return built


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"number": 3.0}, 3),
        ({"number": 3.5}, 3.5),
        ({"choice": "yes"}, "yes"),
        ({"choices": ["b", "a"]}, ["b", "a"]),
        ({"text": "No."}, "No."),
        ({"declined": True}, "prefer_not_to_say"),
        (
            {
                "rows": [
                    {"row": "a", "number": 2.0},
                    {"row": "b", "choice": "no"},
                    {"row": "c", "declined": True},
                    {"row": "d"},
                ]
            },
            {"a": 2, "b": "no", "c": "prefer_not_to_say", "d": None},
        ),
        (
            {"entries": [{"answers": [{"item": "age", "number": 3.0}, {"item": "likes", "choices": ["tea"]}]}]},
            [{"age": 3, "likes": ["tea"]}],
        ),
        ({"entries": []}, []),
        ({"declined": False}, None),
        ({}, None),
    ],
)
def test_an_answer_is_given_in_one_way(given: dict[str, Any], value: Any) -> None:
    assert answers([sent(**given)]) == {"q": value}


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"number": 1.0, "text": "1"}, ("q",), WAYS),
        ({"entries": [], "text": "1"}, ("q",), WAYS),
        ({"rows": [{"row": "a", "number": 1.0, "choice": "a"}]}, ("q", "a"), WAYS),
        ({"rows": [{"row": "a"}, {"row": "a"}]}, ("q", "a"), "answer it once"),
        ({"number": float("inf")}, ("q",), "give a number of usual size"),
        ({"entries": [{"answers": [{"item": "x"}, {"item": "x"}]}]}, ("q", "x"), "answer it once"),
        (
            {"entries": [{"answers": [{"item": "x", "entries": []}]}]},
            ("q", "x"),
            "answer it like the questions beside it",
        ),
    ],
)
def test_what_is_given_twofold_is_named(given: dict[str, Any], path: tuple[str, ...], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        answers([sent(**given)])
    assert caught.value.problems == (Problem(("answers", *path), message),)


def test_a_question_is_answered_once() -> None:
    with pytest.raises(Invalid) as caught:
        answers([sent(), sent()])
    assert caught.value.problems == (Problem(("answers", "q"), "answer it once"),)


def test_answers_are_shown_in_the_field_for_their_kind() -> None:
    shown = Answer.of("q", 3)
    assert (shown.number, shown.choice, shown.declined) == (3.0, None, False)
    shown = Answer.of("q", "yes")
    assert (shown.choice, shown.text, shown.declined) == ("yes", "yes", False)
    shown = Answer.of("q", "prefer_not_to_say")
    assert (shown.choice, shown.text, shown.declined) == (None, None, True)
    assert Answer.of("q", ["b", "a"]).choices == ["b", "a"]
    rows = Answer.of("q", {"a": 2, "b": "no", "c": "prefer_not_to_say"}).rows
    assert rows is not None
    assert [(r.row, r.number, r.choice, r.declined) for r in rows] == [
        ("a", 2, None, False),
        ("b", None, "no", False),
        ("c", None, None, True),
    ]
    entries = Answer.of("q", [{"age": 3}, {}]).entries
    assert entries is not None
    assert [[(a.item, a.number) for a in e.answers] for e in entries] == [[("age", 3.0)], []]
