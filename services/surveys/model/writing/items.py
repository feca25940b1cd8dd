"""The rules that a question of each kind must keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from services.surveys.model.form import PREFER_NOT_TO_SAY, TODAY, Fault
from services.surveys.model.writing.doubles import doubles

WIDEST_SCALE = 100
FINEST_SLIDER = 10_000
LONGEST_ANSWER = 20_000
_ASKED = {"required", "required_if", "prefer_not_to_say", "constraint", "constraint_message"}
_CHOSEN = {"choices", "choice_filter"}
FIELDS: Mapping[str, set[str]] = {
    "scale": _ASKED | {"minimum", "maximum", "labels"},
    "slider": _ASKED | {"minimum", "maximum", "step", "labels"},
    "number": _ASKED | {"minimum", "maximum", "step"},
    "single_choice": _ASKED | _CHOSEN | {"other"},
    "multiple_choice": _ASKED | _CHOSEN | {"other", "minimum", "maximum"},
    "matrix": _ASKED | {"rows", "choices", "minimum", "maximum", "labels"},
    "ranking": _ASKED | _CHOSEN | {"minimum", "maximum"},
    "date": _ASKED | {"earliest", "latest"},
    "text": _ASKED | {"maximum"},
    "long_text": _ASKED | {"maximum"},
    "place": _ASKED,
    "consent": _ASKED - {"prefer_not_to_say"},
    "note": set(),
    "calculation": {"calculation", "minimum", "maximum"},
}
"""What an item of a kind may say, beside its code, text, hint and relevance."""
_FIELDS = sorted({field for fields in FIELDS.values() for field in fields})


def item_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything wrong with one item, its expressions aside; paths begin at the item."""
    kind = item["kind"]
    for field in _FIELDS:
        if item.get(field) not in (None, False, (), [], {}) and field not in FIELDS[kind]:
            yield Fault((field,), f"A {kind.replace('_', ' ')} has no {field}; leave it out.")
    if "choices" in FIELDS[kind]:
        yield from _choices_faults(item)
    if kind in _CHECKS:
        yield from _CHECKS[kind](item)


def _scale_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    low, high = item.get("minimum"), item.get("maximum")
    if low is None or high is None:
        yield Fault(("minimum" if low is None else "maximum",), "A scale needs a lowest and a highest number.")
    elif low != int(low) or high != int(high) or not 0 < high - low <= WIDEST_SCALE:
        yield Fault(
            ("maximum",), f"A scale runs over whole numbers, from low to high, {WIDEST_SCALE} steps at the most."
        )
    else:
        yield from _label_faults(item.get("labels", {}), low, high)


def _label_faults(labels: Iterable[str], low: float, high: float) -> Iterator[Fault]:
    numbers = {str(number) for number in range(int(low), int(high) + 1)}
    for label in labels:
        if label not in numbers:
            yield Fault(("labels", label), f"A label belongs to a whole number from {low:g} to {high:g}.")


def _slider_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    low, high, step = item.get("minimum"), item.get("maximum"), item.get("step")
    if low is None or high is None:
        yield Fault(("minimum" if low is None else "maximum",), "A slider needs a lowest and a highest number.")
        return
    step = 1 if step is None else step
    steps = (high - low) / step if step > 0 else 0
    if not 1 <= round(steps) <= FINEST_SLIDER or abs(steps - round(steps)) > 1e-9 * steps:
        yield Fault(("step",), f"From low to high there must be whole steps, from 1 to {FINEST_SLIDER:,} of them.")
    elif high - low <= FINEST_SLIDER:
        yield from _label_faults(item.get("labels", {}), low, high)


def _number_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    low, high, step = item.get("minimum"), item.get("maximum"), item.get("step")
    if low is not None and high is not None and low >= high:
        yield Fault(("maximum",), "The highest number must be above the lowest.")
    if step is not None and step <= 0:
        yield Fault(("step",), "A step must be more than 0.")


def _count_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    low, high, there = item.get("minimum"), item.get("maximum"), len(item.get("choices", ()))
    for field, number in (("minimum", low), ("maximum", high)):
        if number is not None and (number != int(number) or not 1 <= number <= there + bool(item.get("other"))):
            yield Fault((field,), "Say how many choices, as a whole number; there must be as many to choose from.")
            return
    if low is not None and high is not None and low > high:
        yield Fault(("maximum",), "The most choices must not be fewer than the fewest.")


def _matrix_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    rows = item.get("rows", ())
    if not rows:
        yield Fault(("rows",), "Give at least one row.")
    yield from doubles([row["code"] for row in rows], "rows", "row")
    if not item.get("choices"):
        yield from _scale_faults(item)
    elif item.get("minimum") is not None or item.get("maximum") is not None:
        yield Fault(("choices",), "Rows are answered with choices or with numbers; leave out one of the two.")


def _text_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    most = item.get("maximum")
    if most is not None and (most != int(most) or not 1 <= most <= LONGEST_ANSWER):
        yield Fault(("maximum",), f"Say how many letters at the most: a whole number from 1 to {LONGEST_ANSWER:,}.")


def _date_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    limits = []
    for field in ("earliest", "latest"):
        limit = item.get(field)
        if limit is None or limit == TODAY:
            continue
        try:
            limits.append(date.fromisoformat(limit).isoformat())
            readable = limits[-1] == limit
        except ValueError:
            readable = False
        if not readable:
            yield Fault((field,), f"Say a day as year-month-day, such as 2026-11-25, or {TODAY}.")
            return
    if len(limits) == 2 and limits[0] > limits[1]:
        yield Fault(("latest",), "The last day must not be before the first.")


def _calculation_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    if not item.get("calculation"):
        yield Fault(("calculation",), "Say how it is worked out.")
    low, high = item.get("minimum"), item.get("maximum")
    if (low is None) != (high is None):
        yield Fault(("maximum" if high is None else "minimum",), "Give both bounds, or none.")
    yield from _number_faults(item)


def _choices_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    kind, choices = item["kind"], item.get("choices", ())
    if len(choices) < 2 and not (kind == "matrix" and not choices):
        yield Fault(("choices",), "Give at least two choices.")
    yield from doubles([c["code"] for c in choices], "choices", "choice")
    for choice in choices:
        path = ("choices", choice["code"])
        if choice["code"] == PREFER_NOT_TO_SAY:
            yield Fault(path, "This code is kept for declining; leave the choice out, and set prefer_not_to_say.")
        if choice.get("exclusive") and kind != "multiple_choice":
            yield Fault((*path, "exclusive"), "Only a choice among several can be one that goes with no other.")
    scores = [c["score"] for c in choices if c.get("score") is not None]
    if kind in ("single_choice", "matrix") and scores and len(set(scores)) < 2:
        yield Fault(("choices",), "Scores of the choices must differ, or be left out.")


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Fault]]] = {
    "scale": _scale_faults,
    "slider": _slider_faults,
    "number": _number_faults,
    "multiple_choice": _count_faults,
    "matrix": _matrix_faults,
    "ranking": _count_faults,
    "date": _date_faults,
    "text": _text_faults,
    "long_text": _text_faults,
    "calculation": _calculation_faults,
}
