"""What people send: answers, the groups they belong to, what they agree to."""

from __future__ import annotations

from math import isfinite
from typing import Any

import strawberry

from gateway.inputs import lean
from schemas.errors import Invalid, Problem
from schemas.rpc import surveys as rpc


@lean
@strawberry.input(description="The answer to one row of a matrix: fill the one field that fits.")
class RowAnswerInput:
    row: str = strawberry.field(description="The row's code.")
    number: float | None = strawberry.field(default=None, description="Where rows are scales.")
    choice: str | None = strawberry.field(default=None, description="Where rows are choices: the code.")
    declined: bool | None = strawberry.field(default=None, description="True for a person who prefers not to say.")


@lean
@strawberry.input(description="The answers of one time that a section is answered.")
class EntryInput:
    answers: list[AnswerInput] = strawberry.field(description="The answers.")


@lean
@strawberry.input(description="An answer to one question: fill the one field that fits its kind, none for no answer.")
class AnswerInput:
    item: str = strawberry.field(
        description="The question's code, or the code of a section that is answered several times."
    )
    number: float | None = strawberry.field(default=None, description="For a scale, a slider or a number.")
    choice: str | None = strawberry.field(default=None, description="For a single choice or consent: its code.")
    choices: list[str] | None = strawberry.field(
        default=None, description="For several choices and for a ranking: their codes, the first first."
    )
    text: str | None = strawberry.field(default=None, description="For a text, a day (YYYY-MM-DD) or a place.")
    rows: list[RowAnswerInput] | None = strawberry.field(default=None, description="For a matrix: its rows.")
    entries: list[EntryInput] | None = strawberry.field(
        default=None, description="For a section that is answered several times: the answers of each time."
    )
    declined: bool | None = strawberry.field(default=None, description="True for a person who prefers not to say.")

    def value(self) -> rpc.Answer:
        """The one answer that is given. Raises Invalid for several."""
        if self.entries is not None:
            if any(
                v is not None for v in (self.number, self.choice, self.choices, self.text, self.rows, self.declined)
            ):
                raise _manifold(self.item)
            return [_entry(self.item, entry) for entry in self.entries]
        found: rpc.Answer = self.given()
        return found

    def given(self) -> Any:
        """The one answer to the question itself. Raises Invalid for several, and for entries."""
        given = [
            v
            for v in (
                _number(self.item, self.number),
                self.choice,
                self.choices,
                self.text,
                rpc.PREFER_NOT_TO_SAY if self.declined else None,
                None if self.rows is None else _rows(self.item, self.rows),
            )
            if v is not None
        ]
        if len(given) > 1:
            raise _manifold(self.item)
        return given[0] if given else None


def answers(given: list[AnswerInput]) -> dict[str, rpc.Answer]:
    """Answers by question. Raises Invalid for a question that is answered twice."""
    found: dict[str, rpc.Answer] = {}
    for answer in given:
        if answer.item in found:
            raise _twice("answers", answer.item)
        found[answer.item] = answer.value()
    return found


def _number(item: str, number: float | None) -> int | float | None:
    if number is None:
        return None
    if not isfinite(number):
        raise Invalid("a number is too large", [Problem(("answers", item), "give a number of usual size")])
    return int(number) if number.is_integer() else number


def _rows(item: str, rows: list[RowAnswerInput]) -> dict[str, rpc.Point]:
    found: dict[str, rpc.Point] = {}
    for row in rows:
        if row.row in found:
            raise _twice("answers", item, row.row)
        points: list[rpc.Point] = [
            _number(item, row.number),
            row.choice,
            rpc.PREFER_NOT_TO_SAY if row.declined else None,
        ]
        given = [point for point in points if point is not None]
        if len(given) > 1:
            raise _manifold(item, row.row)
        found[row.row] = given[0] if given else None
    return found


def _entry(section: str, entry: EntryInput) -> dict[str, rpc.Given]:
    found: dict[str, rpc.Given] = {}
    for answer in entry.answers:
        if answer.item in found:
            raise _twice("answers", section, answer.item)
        if answer.entries is not None:
            problem = Problem(("answers", section, answer.item), "answer it like the questions beside it")
            raise Invalid("entries cannot hold entries", [problem])
        found[answer.item] = answer.given()
    return found


def _manifold(*path: str) -> Invalid:
    problem = Problem(("answers", *path), "fill one of number, choice, choices, text, rows, entries and declined")
    return Invalid("an answer is given in more than one way", [problem])


def _twice(*path: str) -> Invalid:
    return Invalid("a question is answered twice", [Problem(path, "answer it once")])


@lean
@strawberry.input(description="The group that a person says they belong to.")
class GroupInput:
    attribute: str = strawberry.field(description="The attribute's code, such as age_band.")
    category: str = strawberry.field(description="The category's code.")


def groups(given: list[GroupInput]) -> dict[str, str]:
    """Groups by attribute."""
    return {g.attribute: g.category for g in given}


@lean
@strawberry.input(description="What the person agreed to.")
class ConsentInput:
    version: str = strawberry.field(description="The wording they saw.")
    purposes: list[str] = strawberry.field(description="The purposes they said yes to.")
