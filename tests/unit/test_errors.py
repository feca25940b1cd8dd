"""The errors that cross the bus: a closed set, a plain sentence, and problems that JSON carries unharmed."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import ERRORS, CivicError, Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable

problems = st.builds(Problem, st.lists(st.text(), max_size=4).map(tuple), st.text())


def test_the_set_is_closed() -> None:
    assert {
        "NotFound": NotFound,
        "Forbidden": Forbidden,
        "Invalid": Invalid,
        "Conflict": Conflict,
        "Unavailable": Unavailable,
    } == ERRORS
    assert set(CivicError.__subclasses__()) == set(ERRORS.values())


@pytest.mark.parametrize("error", ERRORS.values())
def test_an_error_is_its_sentence_and_has_no_problems_unless_they_are_given(error: type[CivicError]) -> None:
    raised = error("there is no such thing")
    assert (str(raised), raised.message, raised.problems) == ("there is no such thing", "there is no such thing", ())
    assert raised.args[0] == "there is no such thing"
    assert list(raised.args[1]) == []


def test_arguments_are_builtins_only() -> None:
    raised = Invalid("look again", [Problem(("answers", "trust"), "Choose a number.")])
    message, told = raised.args
    assert message == "look again"
    assert list(told) == [{"path": ("answers", "trust"), "message": "Choose a number."}]


@given(st.sampled_from(sorted(ERRORS)), st.text(), st.lists(problems, max_size=4))
def test_the_other_end_gets_the_same_error(name: str, message: str, given_problems: list[Problem]) -> None:
    raised = ERRORS[name](message, given_problems)
    args: list[Any] = msgspec.json.decode(msgspec.json.encode(raised.args))
    again = ERRORS[name](args[0], msgspec.convert(args[1], list[Problem]))
    assert (type(again), again.message, again.problems) == (type(raised), raised.message, tuple(given_problems))
