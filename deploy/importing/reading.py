"""From a row of a file to answers: codes turned into numbers, choices and categories; what cannot be is rejected."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from deploy.importing.mapping import Code, Column, GroupColumn, ItemColumn, TimeColumn, number, plain
from deploy.importing.mapping import Mapping as FileMapping
from deploy.importing.targets import Form, targets
from schemas.rpc.surveys import PREFER_NOT_TO_SAY, Answer, Definition, ImportRow, Point, Reject

SHOWN = 40
"""Letters of an unreadable value that a reason quotes."""
Convert = Callable[[Any], Any]
Where = tuple[int, frozenset[str], Convert]
"""Place among the cells, codes for "no answer", and what the others mean."""


class Unreadable(ValueError):
    """A value that the mapping has no meaning for; the message is the reason."""


class Reader:
    """Reads rows whose cells come in the order of `columns`."""

    def __init__(self, mapping: FileMapping, definition: Definition, import_id: UUID) -> None:
        self.columns = mapping.columns
        self._import = import_id
        self._missing = frozenset(map(plain, mapping.missing))
        at = {column: place for place, column in enumerate(self.columns)}
        known = targets(definition)
        self._items = [
            (known[code], code, (at[c.column], self._absent(c), _answer(known[code].form, c)))
            for code, c in mapping.item_columns.items()
        ]
        self._groups = [
            (code, (at[c.column], self._absent(c), _category(c))) for code, c in mapping.group_columns.items()
        ]
        area, time = mapping.area_column, mapping.time_column
        self._area = None if area is None else (at[area.column], self._absent(area), _area(area.codes))
        self._time = None if time is None else (at[time.column], self._absent(time), _time(time))
        self._person = None if mapping.person is None else (at[mapping.person], self._missing, self._pseudonym)
        self._column_of = {code: c.column for code, c in mapping.group_columns.items()}
        self._column_of |= {code: c.column for code, c in mapping.item_columns.items()}
        if area is not None:
            self._column_of.setdefault("area", area.column)

    def column_of(self, code: str) -> str:
        """The file's column for an item, an attribute, or "area"; the code itself where there is none."""
        return self._column_of.get(code, code)

    def read(self, row: int, cells: Sequence[Any] | str) -> ImportRow | list[Reject]:
        """The answers in a row, or why it cannot be taken. A text in the place of cells says what is wrong already."""
        if isinstance(cells, str):
            return [Reject(row, "", cells)]
        rejects: list[Reject] = []

        def value(where: Where) -> Any:
            place, absent, convert = where
            raw = cells[place]
            if raw is None or raw != raw or (not isinstance(raw, list) and plain(raw) in absent):  # noqa: PLR0124 -- NaN
                return None
            try:
                return convert(raw)
            except Unreadable as error:
                rejects.append(Reject(row, self.columns[place], str(error)))
                return None

        answers: dict[str, Answer] = {code: value(where) for target, code, where in self._items if target.row is None}
        answers |= self._matrices(value)
        groups = {code: found for code, where in self._groups if (found := value(where)) is not None}
        area = value(self._area) if self._area else None
        submitted_at = value(self._time) if self._time else None
        person = value(self._person) if self._person else None
        return rejects or ImportRow(row, answers, area, groups, person, submitted_at)

    def _matrices(self, value: Callable[[Where], Any]) -> dict[str, Answer]:
        """The answers to matrices, row by row."""
        found: dict[str, dict[str, Point]] = {}
        for target, _, where in self._items:
            if target.row is not None:
                found.setdefault(target.item.code, {})[target.row] = value(where)
        return dict(found)

    def _absent(self, column: Column) -> frozenset[str]:
        return self._missing | set(map(plain, column.missing))

    def _pseudonym(self, raw: Any) -> UUID:
        """The same person within this import gets the same id; nobody else's, and not in another import."""
        return uuid5(self._import, plain(raw))


def _quoted(value: Any) -> str:
    text = plain(value).replace("\n", " ").replace("\r", " ")
    return f"'{text[:SHOWN]}…'" if len(text) > SHOWN else f"'{text}'"


def _lookup(values: Mapping[str, Code], what: str) -> Convert:
    by_text = {plain(text): code for text, code in values.items()}

    def find(raw: Any) -> Code:
        found = by_text.get(plain(raw))
        if found is None:
            raise Unreadable(f"{_quoted(raw)} is not among the values of the mapping ({what}).")
        return found

    return find


def _answer(form: Form, column: ItemColumn) -> Convert:
    known = _lookup(column.values, "answers") if column.values else None
    if form == "number":

        def numeric(raw: Any) -> int | float | str:
            meant = known(raw) if known else raw
            if plain(meant) == PREFER_NOT_TO_SAY:
                return PREFER_NOT_TO_SAY
            found = number(meant)
            if found is None:
                raise Unreadable(f"{_quoted(raw)} is not a number.")
            return found

        return numeric
    if form == "choices":

        def several(raw: Any) -> list[str] | str:
            parts = raw if isinstance(raw, list) else plain(raw).split(column.separator)
            codes = [plain(known(part) if known else part) for part in parts if plain(part)]
            return PREFER_NOT_TO_SAY if codes == [PREFER_NOT_TO_SAY] else codes

        return several
    if form == "choice":
        return lambda raw: plain(known(raw) if known else raw)
    return lambda raw: str(known(raw)) if known else raw.strip() if isinstance(raw, str) else plain(raw)


def _category(column: GroupColumn) -> Convert:
    if column.bands:

        def band(raw: Any) -> str:
            found = number(raw)
            if found is None:
                raise Unreadable(f"{_quoted(raw)} is not a number.")
            for one in column.bands:
                if (one.low is None or found >= one.low) and (one.high is None or found <= one.high):
                    return one.category
            raise Unreadable(f"{_quoted(raw)} is in none of the bands.")

        return band
    known = _lookup(column.values, "categories") if column.values else None
    return lambda raw: plain(known(raw) if known else raw)


def _area(codes: Mapping[str, str]) -> Convert:
    if not codes:
        return plain
    known = {plain(name): code for name, code in codes.items()} | {code: code for code in codes.values()}
    return _lookup(known, "areas")


def _time(column: TimeColumn) -> Convert:
    zone = ZoneInfo(column.time_zone)

    def moment(raw: Any) -> datetime:
        try:
            if isinstance(raw, datetime):
                found = raw
            elif column.format:
                found = datetime.strptime(plain(raw), column.format)  # noqa: DTZ007 -- the zone is put in below
            else:
                found = datetime.fromisoformat(plain(raw))
        except ValueError:
            raise Unreadable(f"{_quoted(raw)} is not a date and time of the expected form.") from None
        return found if found.tzinfo else found.replace(tzinfo=zone)

    return moment
