"""A mapping: which column of a file answers which item, and what its codes mean. docs/importing.md describes it."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping as Map
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from deploy.errors import DeployError
from schemas.rpc.surveys import Attribute, Definition, Item

Code = str | int | float
C = TypeVar("C", bound="Column")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field nobody knows is a slip of the pen, and is named."""


class Column(_Part, frozen=True, kw_only=True):
    """A column of the file; `missing` are codes that stand for "no answer" there, besides those of the whole file."""

    column: str
    missing: tuple[Code, ...] = ()


class ItemColumn(Column, frozen=True, kw_only=True):
    """`values`: what is written in the file → the number, or the choice's code. Without it the file's own codes count.

    `separator` parts the answers of a multiple choice.
    """

    values: dict[str, Code] = {}
    separator: str = ";"


class Band(_Part, frozen=True):
    """Whole or broken numbers from `from` to `to`, both of them included, belong to the category."""

    category: str
    low: float | None = msgspec.field(default=None, name="from")
    high: float | None = msgspec.field(default=None, name="to")


class GroupColumn(Column, frozen=True, kw_only=True):
    """A group attribute, by `values` (what is written → category) or by `bands` of numbers."""

    values: dict[str, Code] = {}
    bands: tuple[Band, ...] = ()


class AreaColumn(Column, frozen=True, kw_only=True):
    """`codes`: an area's name as the file writes it → its GSS code. Without it the file has the codes."""

    codes: dict[str, str] = {}


class TimeColumn(Column, frozen=True, kw_only=True):
    """When the answers were given: ISO 8601 unless `format` (as of strptime) says otherwise.

    `time_zone` holds for times that name none.
    """

    format: str | None = None
    time_zone: str = "Europe/London"


class Consent(_Part, frozen=True):
    """What the people in the file agreed to, as whoever brings the file states."""

    version: str
    purposes: tuple[str, ...]


class Mapping(_Part, frozen=True, kw_only=True):
    """How a file is read. A bare column name is short for a column without anything else to say."""

    consent: Consent
    items: dict[str, str | ItemColumn]
    groups: dict[str, str | GroupColumn] = {}
    area: str | AreaColumn | None = None
    person: str | None = None
    submitted_at: str | TimeColumn | None = None
    missing: tuple[Code, ...] = ("",)
    delimiter: str = ","

    @property
    def item_columns(self) -> dict[str, ItemColumn]:
        """Item code → column."""
        return {code: _full(ItemColumn, given) for code, given in self.items.items()}

    @property
    def group_columns(self) -> dict[str, GroupColumn]:
        """Attribute code → column."""
        return {code: _full(GroupColumn, given) for code, given in self.groups.items()}

    @property
    def area_column(self) -> AreaColumn | None:
        """Where the area stands."""
        return None if self.area is None else _full(AreaColumn, self.area)

    @property
    def time_column(self) -> TimeColumn | None:
        """Where the time stands."""
        return None if self.submitted_at is None else _full(TimeColumn, self.submitted_at)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, once."""
        found = [c.column for c in (*self.item_columns.values(), *self.group_columns.values())]
        found += [c.column for c in (self.area_column, self.time_column) if c is not None]
        found += [self.person] if self.person is not None else []
        return tuple(dict.fromkeys(found))

    @property
    def digest(self) -> str:
        """SHA-256 of what the mapping says, however it is written down: layout, TOML or JSON make no difference."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def _full(kind: type[C], given: str | C) -> C:
    return kind(column=given) if isinstance(given, str) else given


def read_mapping(path: Path) -> Mapping:
    """The mapping in a .json or .toml file. Raises DeployError that names the field."""
    kind = path.suffix.lower()
    if kind not in (".json", ".toml"):
        raise DeployError(f"{path} is neither .json nor .toml.", "Write the mapping in one of the two.")
    try:
        raw = path.read_bytes()
        parsed = tomllib.loads(raw.decode("utf-8-sig")) if kind == ".toml" else msgspec.json.decode(raw)
        return msgspec.convert(parsed, Mapping)
    except OSError as error:
        raise DeployError(f"{path} cannot be read: {error.strerror}.") from None
    except msgspec.ValidationError as error:
        raise DeployError(f"{path}: {error}.", "docs/importing.md describes every field.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise DeployError(f"{path} is not {kind.removeprefix('.').upper()}: {error}.") from None


def faults_of(mapping: Mapping, columns: tuple[str, ...], definition: Definition) -> list[str]:
    """Everything that keeps a file with these `columns` from being read by this mapping into this questionnaire."""
    return list(_faults(mapping, columns, definition))


def _faults(mapping: Mapping, columns: tuple[str, ...], definition: Definition) -> Iterator[str]:
    for column in mapping.columns:
        if column not in columns:
            yield f"the file has no column '{column}'"
        elif columns.count(column) > 1:
            yield f"the file has the column '{column}' more than once"
    items = {item.code: item for section in definition.sections for item in section.items}
    attributes = {attribute.code: attribute for attribute in definition.attributes}
    if not mapping.items:
        yield "the mapping names no items"
    for code, column in mapping.item_columns.items():
        if code not in items:
            yield f"the questionnaire has no item '{code}'"
        else:
            yield from _item_faults(items[code], column)
    for code, item in items.items():
        if item.required and code not in mapping.items:
            yield f"item '{code}' must be answered, and the mapping gives it no column"
    for code, group in mapping.group_columns.items():
        if code not in attributes:
            yield f"the questionnaire has no group attribute '{code}'"
        else:
            yield from _group_faults(attributes[code], group)
    if mapping.area is not None and definition.area_level is None:
        yield "the questionnaire asks for no area"
    yield from _time_faults(mapping.time_column)
    yield from _consent_faults(mapping.consent, definition)
    if len(mapping.delimiter) != 1:
        yield "the delimiter must be one character"


def _item_faults(item: Item, column: ItemColumn) -> Iterator[str]:
    if item.kind in ("single_choice", "multiple_choice"):
        choices = {choice.code for choice in item.choices}
        for code in column.values.values():
            if plain(code) not in choices:
                yield f"item '{item.code}' has no choice '{code}'"
    elif item.kind in ("scale", "number"):
        for code in column.values.values():
            if number(code) is None:
                yield f"item '{item.code}' takes numbers; '{code}' is none"
    if not column.separator:
        yield f"item '{item.code}' has an empty separator"


def _group_faults(attribute: Attribute, column: GroupColumn) -> Iterator[str]:
    if column.values and column.bands:
        yield f"group '{attribute.code}' has values and bands; choose one of the two"
    categories = [*map(plain, column.values.values()), *(band.category for band in column.bands)]
    for category in dict.fromkeys(categories):
        if category not in attribute.categories:
            yield f"group '{attribute.code}' has no category '{category}'"
    for band in column.bands:
        if (band.low is None and band.high is None) or (None not in (band.low, band.high) and band.low > band.high):  # type: ignore[operator]
            yield f"group '{attribute.code}': the band '{band.category}' runs from nothing to nothing"
    ordered = sorted(column.bands, key=lambda b: float("-inf") if b.low is None else b.low)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.high is None or other.low is None or one.high >= other.low:
            yield f"group '{attribute.code}': the bands '{one.category}' and '{other.category}' overlap"


def _time_faults(column: TimeColumn | None) -> Iterator[str]:
    if column is not None:
        try:
            ZoneInfo(column.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield f"there is no time zone '{column.time_zone}'"


def _consent_faults(consent: Consent, definition: Definition) -> Iterator[str]:
    asked = definition.consent
    if consent.version != asked.version:
        yield f"the consent is to version '{consent.version}', the questionnaire has version '{asked.version}'"
    for purpose in consent.purposes:
        if purpose not in asked.purposes:
            yield f"the consent has no purpose '{purpose}'"
    for purpose in asked.required:
        if purpose not in consent.purposes:
            yield f"without consent to '{purpose}' no answers are taken"


_WHOLE = re.compile(r"[+-]?\d{1,15}(\.0*)?")


def plain(value: Any) -> str:
    """A value of a file as text, so that 7, 7.0 and " 7 " are one and the same code."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = value.strip() if isinstance(value, str) else str(value)
    return str(int(float(text))) if _WHOLE.fullmatch(text) and not text.startswith("0") else text


def number(value: Any) -> int | float | None:
    """The number that a text is, None where it is none; whole ones as int."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    if found != found or found in (float("inf"), float("-inf")):  # noqa: PLR0124 -- NaN alone differs from itself
        return None
    return int(found) if found.is_integer() else found


Lookup = Map[str, Code]
Kind = Literal["scale", "number", "single_choice", "multiple_choice", "text"]
