"""Choosing between values, chosen answers, repeats, and the words of a choice."""

from services.surveys.model.logic.functions.table import MANY, Function, quiet
from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.values import BLANKS, Value, first, number, several, taken, text, truth, words


def _boolean_from_string(value: Value) -> Value:
    return text(value) in ("true", "1")


def _is_empty(value: Value) -> bool:
    return text(value) in ("", "NaN")


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if not _is_empty(value)), "")


def _once(run: Run, value: Value) -> Value:
    return value if _is_empty(run.own) else run.own


def _codes(value: Value) -> list[str]:
    return [code for one in several(value) for code in words(one)]


def _selected(value: Value, code: Value) -> Value:
    return text(code).strip(BLANKS) in _codes(value)


def _selected_at(value: Value, place: Value) -> Value:
    codes, at = _codes(value), number(place)
    return codes[int(at)] if 0 <= at < len(codes) else ""


def _count_selected(value: Value) -> Value:
    return float(len(_codes(value)))


def _count(value: Value) -> Value:
    return float(len(several(value)))


def _count_non_empty(value: Value) -> Value:
    return float(sum(text(one) != "" for one in several(value)))


def _checklist(least: Value, most: Value, *answers: Value) -> Value:
    return _between(least, most, float(sum(truth(first(answer)) for answer in answers)))


def _weighted_checklist(least: Value, most: Value, *pairs: Value) -> Value:
    reached = 0.0
    for answer, weight in zip(pairs[::2], pairs[1::2], strict=False):
        if truth(first(answer)):
            reached += number(weight)
    return _between(least, most, reached)


def _between(least: Value, most: Value, reached: float) -> bool:
    """-1 stands for no limit."""
    low, high = number(least), number(most)
    return (low == -1 or reached >= low) and (high == -1 or reached <= high)


def _position(run: Run, *_of: Value) -> Value:
    return float(run.scope.position)


def _choice_name(run: Run, code: Value, question: Value) -> Value:
    name = text(question).removeprefix("${").removesuffix("}").strip(BLANKS)
    return text(taken(run.scope.labels.get(name, {}).get(text(code), "")))


FUNCTIONS = {
    "boolean": Function(1, 1, quiet(truth)),
    "boolean-from-string": Function(1, 1, quiet(_boolean_from_string)),
    "not": Function(1, 1, quiet(lambda value: not truth(value))),
    "true": Function(0, 0, quiet(lambda: True)),
    "false": Function(0, 0, quiet(lambda: False)),
    "coalesce": Function(1, MANY, quiet(_coalesce)),
    "once": Function(1, 1, _once),
    "selected": Function(2, 2, quiet(_selected)),
    "selected-at": Function(2, 2, quiet(_selected_at)),
    "count-selected": Function(1, 1, quiet(_count_selected)),
    "count": Function(1, 1, quiet(_count)),
    "count-non-empty": Function(1, 1, quiet(_count_non_empty)),
    "checklist": Function(3, MANY, quiet(_checklist)),
    "weighted-checklist": Function(4, MANY, quiet(_weighted_checklist)),
    "position": Function(0, 1, _position),
    "index": Function(0, 0, _position),
    "jr:choice-name": Function(2, 2, _choice_name),
}
