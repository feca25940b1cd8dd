"""What expressions see of answers while these are read."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from services.surveys.model import logic
from services.surveys.model.form import Form, Item, Submission
from services.surveys.model.logic import Expression, Scope, Value

LARGEST_WHOLE = 2**53
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """The answers to a section once: as given, as taken, and as expressions see them. `settled`: the items that are
    hidden, or whose answer does not count. `place`: which time this is, from 1. `path` leads to its answers."""

    path: tuple[str, ...]
    given: Mapping[str, Any]
    seen: MutableMapping[str, Any]
    place: int = 1
    taken: dict[str, Any] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)


class Sight:
    """The answers so far, and the clock."""

    def __init__(self, form: Form, given: Submission) -> None:
        self._labels = form.labels
        self._now = given.at.isoformat(timespec="milliseconds") if form.logical else ""
        self._repeats: dict[str, list[Any]] = {}
        self.seen: dict[str, Any] = {code: given.groups[code] for code in form.attributes if code in given.groups}

    def value(self, expression: Expression, entry: Entry, own: Any = "", columns: Mapping[str, str] = NOTHING) -> Value:
        """What an expression comes to, looked at from an entry."""
        return expression.evaluate(
            Scope(
                now=self._now,
                answers=entry.seen,
                own=own,
                position=entry.place,
                repeats=self._repeats,
                columns=columns,
                labels=self._labels,
            )
        )

    def holds(self, expression: Expression, entry: Entry, own: Any = "") -> bool:
        """Whether a condition holds."""
        return logic.truth(self.value(expression, entry, own))

    def show_times(self, code: str, times: int) -> None:
        """Let expressions count how often a section is answered."""
        self.seen[code] = [float(place) for place in range(1, times + 1)]

    def show(self, item: Item, entry: Entry) -> None:
        """Let expressions see the answer to an item."""
        answer = entry.taken.get(item.code, "")
        entry.seen[item.code] = logic.answer_text(answer)
        if isinstance(answer, dict):
            entry.seen.update((f"{item.code}.{row}", point) for row, point in answer.items())
        if item.other:
            entry.seen[item.words] = entry.taken.get(item.words, "")

    def show_all(self, item: Item, entries: Sequence[Entry]) -> None:
        """Let expressions outside a repeat see the answers of every time."""
        for name in item.names:
            self._repeats[name] = [entry.seen[name] for entry in entries]
            self.seen[name] = [entry.seen[name] for entry in entries if item.code not in entry.hidden]


def worked_out(item: Item, value: Value) -> float | str | None:
    """The outcome of a calculation as it is stored; None for nothing, and for what is no number where one is due."""
    if item.bounds is not None:
        value = logic.number(value)
    elif isinstance(value, tuple):
        value = value[0] if value else ""
    if isinstance(value, str):
        return value or None
    if not isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) <= LARGEST_WHOLE else float(value)
