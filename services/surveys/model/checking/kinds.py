"""What counts as an answer to a question of each kind."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from sys import float_info
from typing import Any, NamedTuple

from services.surveys.model import logic
from services.surveys.model.form import OTHER, PREFER_NOT_TO_SAY, TODAY, Bounds, Item

LONGEST_TEXT = 2_000
LONGEST_LONG_TEXT = 10_000
YES, NO = "yes", "no"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) *([0-9][ABD-HJLNP-UW-Z]{2})")
"""Area and district, sector and unit, as the Royal Mail writes them (BS 7666-2; the unit knows no C, I, K, M, O, V)."""


class Around(NamedTuple):
    """What an answer is looked at with: today, whether a code is one of the council's areas, and whether areas are
    asked for at all."""

    today: date
    area_is_known: Callable[[str], bool]
    asks_area: bool


class Unfit(Exception):
    """An answer that does not count: the sentence's key and values, and where in the answer it is."""

    def __init__(self, key: str, *path: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.path, self.values = key, path, values


class ManyUnfit(Exception):
    """Several parts of an answer that do not count."""

    def __init__(self, parts: Sequence[Unfit]) -> None:
        super().__init__(len(parts))
        self.parts = parts


Reader = Callable[[Any, Around], Any]
"""Gives the answer as it is stored; None for one that holds nothing. Raises Unfit and ManyUnfit."""
Maker = Callable[[Item], Reader]


def is_blank(answer: Any) -> bool:
    """Whether nothing was answered."""
    return answer is None or answer in ("", [], {})


def plain(value: float) -> str:
    """A number as people write it."""
    return logic.text(float(value))


def _is_number(answer: Any) -> bool:
    # JSON can say whole numbers that no float holds: neither they nor infinity nor "not a number" answer anything
    return isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= float_info.max


def _range(item: Item) -> Bounds:
    if item.minimum is None or item.maximum is None:
        raise ValueError(f"{item.kind} {item.code} has no bounds: it was stored unchecked")
    return item.minimum, item.maximum


def _scale(item: Item) -> Reader:
    low, high = _range(item)

    def read(answer: Any, _around: Around) -> Any:
        if not _is_number(answer) or answer != int(answer) or not low <= answer <= high:
            raise Unfit("scale", least=plain(low), most=plain(high))
        return answer

    return read


def _number(item: Item, step: float | None = None) -> Reader:
    low, high = item.minimum, item.maximum
    step = item.step or step

    def read(answer: Any, _around: Around) -> Any:
        if not _is_number(answer):
            raise Unfit("number")
        if (low is not None and answer < low) or (high is not None and answer > high):
            raise _out_of_range(low, high)
        if step is not None and not _on_grid(answer, low or 0, step):
            raise Unfit("number_step", step=plain(step), start=plain(low or 0))
        return answer

    return read


def _out_of_range(low: float | None, high: float | None) -> Unfit:
    if low is None:
        return Unfit("number_at_most", most=plain(high or 0))
    if high is None:
        return Unfit("number_at_least", least=plain(low))
    return Unfit("number_between", least=plain(low), most=plain(high))


def _slider(item: Item) -> Reader:
    _range(item)
    return _number(item, step=1)


def _on_grid(answer: float, start: float, step: float) -> bool:
    """Whether whole steps lead there, but for the last digits that a float cannot hold."""
    steps = (answer - start) / step
    return abs(steps - round(steps)) <= 1e-9 * max(1.0, abs(steps))


def _single_choice(item: Item) -> Reader:
    choices = item.choices

    def read(answer: Any, _around: Around) -> Any:
        if not isinstance(answer, str) or answer not in choices:
            raise Unfit("choose_one")
        return answer

    return read


def _several(item: Item) -> Reader:
    least, most = item.minimum, item.maximum

    def read(answer: Any, _around: Around) -> Any:
        if not isinstance(answer, list) or not all(isinstance(a, str) and a in item.choices for a in answer):
            raise Unfit("choose_among")
        if len(set(answer)) != len(answer):
            raise Unfit("choose_once")
        alone = not item.exclusive.isdisjoint(answer)
        if alone and len(answer) > 1:
            raise Unfit("choose_alone")
        if least is not None and len(answer) < least and not alone:
            raise Unfit("choose_at_least", least=plain(least))
        if most is not None and len(answer) > most:
            raise Unfit("choose_at_most", most=plain(most))
        return answer

    return read


def _matrix(item: Item) -> Reader:
    point = _declinable(item, _single_choice(item) if item.choices else _scale(item))

    def read(answer: Any, around: Around) -> Any:
        if not isinstance(answer, dict):
            raise Unfit("rows")
        unfit = [Unfit("no_such_row", str(row)) for row in answer if row not in item.rows]
        found = {}
        for row in item.rows:
            given = answer.get(row)
            if is_blank(given):
                continue
            try:
                found[row] = point(given, around)
            except Unfit as error:
                unfit.append(Unfit(error.key, row, **error.values))
        if unfit:
            raise ManyUnfit(unfit)
        return found or None

    return read


def _day(item: Item) -> Reader:
    earliest, latest = item.earliest, item.latest

    def read(answer: Any, around: Around) -> Any:
        if not isinstance(answer, str) or not _DAY.fullmatch(answer):
            raise Unfit("day")
        try:
            day = date.fromisoformat(answer)
        except ValueError:
            raise Unfit("day") from None
        if earliest is not None and day < (first := _limit(earliest, around)):
            raise Unfit("day_earliest", earliest=first.isoformat())
        if latest is not None and day > (last := _limit(latest, around)):
            raise Unfit("day_latest", latest=last.isoformat())
        return answer

    return read


def _limit(limit: str, around: Around) -> date:
    return around.today if limit == TODAY else date.fromisoformat(limit)


def _text(longest: int) -> Maker:
    def make(item: Item) -> Reader:
        most = longest if item.maximum is None else int(item.maximum)
        return lambda answer, _around: _words(answer, most)

    return make


def _words(answer: Any, most: int) -> str:
    if not isinstance(answer, str) or "\x00" in answer:
        raise Unfit("text")
    if len(answer) > most:
        raise Unfit("text_longest", longest=f"{most:,}")
    return answer


def _place(_item: Item) -> Reader:
    def read(answer: Any, around: Around) -> Any:
        if isinstance(answer, str) and "\x00" not in answer:
            if found := _POSTCODE.fullmatch(answer.strip().upper()):
                return f"{found[1]} {found[2]}"
            if around.asks_area and around.area_is_known(answer):
                return answer
        raise Unfit("postcode_or_area" if around.asks_area else "postcode")

    return read


def _consent(_item: Item) -> Reader:
    def read(answer: Any, _around: Around) -> Any:
        if answer not in (YES, NO):
            raise Unfit("yes_or_no")
        return answer

    return read


def _nothing(_item: Item) -> Reader:
    def read(_answer: Any, _around: Around) -> Any:
        raise Unfit("nothing_to_answer")

    return read


def _declinable(item: Item, own: Reader) -> Reader:
    """Lets declining pass where it is offered. Elsewhere it is no answer: only a text could be mistaken for one."""
    if not item.declinable and item.kind not in ("text", "long_text"):
        return own

    def read(answer: Any, around: Around) -> Any:
        if answer != PREFER_NOT_TO_SAY:
            return own(answer, around)
        if not item.declinable:
            raise Unfit("not_declinable")
        return answer

    return read


_MAKERS: Mapping[str, Maker] = {
    "scale": _scale,
    "slider": _slider,
    "number": _number,
    "single_choice": _single_choice,
    "multiple_choice": _several,
    "matrix": _matrix,
    "ranking": _several,
    "date": _day,
    "text": _text(LONGEST_TEXT),
    "long_text": _text(LONGEST_LONG_TEXT),
    "place": _place,
    "consent": _consent,
    "note": _nothing,
    "calculation": _nothing,
}


def reader(item: Item) -> Reader:
    """The reader of an item's answers. Raises ValueError for an item that breaks the rules of its kind."""
    return _declinable(item, _MAKERS[item.kind](item))


def words(chosen: Any, given: Any) -> str | None:
    """The words to the choice `other`; None where it is not chosen or nothing is said. Raises Unfit."""
    if is_blank(given) or not (chosen == OTHER or (isinstance(chosen, list) and OTHER in chosen)):
        return None
    return _words(given, LONGEST_TEXT)
