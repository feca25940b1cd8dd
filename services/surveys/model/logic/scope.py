"""What an expression can see while it is worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.surveys.model.logic.patterns import Fuel
from services.surveys.model.logic.values import Value, taken


@dataclass(frozen=True, slots=True)
class Scope:
    """The answers so far, and the place from which they are looked at. In JSON it is what the browser's half takes.

    `answers`: number, text or truth by name, codes chosen as one text with blanks between (`answer_text`); for a
    question of a repeat seen from outside it, one for each time round, hidden ones left out. A name that is missing is
    not answered. `own`: what `.` is. `now`: the clock, `2026-11-25T09:30:00.000+00:00`. `position`: which time round
    this is, from 1. `repeats`: all answers of a repeat's questions, also where it is looked at from inside.
    `columns`: those of the choice that a choice filter decides on. `labels`: the words of choices by question and code.
    """

    now: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    own: Any = ""
    position: int = 1
    repeats: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One evaluation: the scope, and what is left of the steps that its patterns may take."""

    scope: Scope
    fuel: Fuel = field(default_factory=Fuel)

    def answer(self, name: str) -> Value:
        return taken(self.scope.answers.get(name, ""))

    @property
    def own(self) -> Value:
        return taken(self.scope.own)
