"""A mapping: which column of a file answers which item, and what its codes mean. docs/importing.md describes it."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from deploy.errors import DeployError

Code = str | int | float
C = TypeVar("C", bound="Column")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
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


_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,14})(\.0*)?")


def plain(value: Any) -> str:
    """A value of a file as text, so that 7, 7.0 and " 7 " are one and the same code."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = value.strip() if isinstance(value, str) else str(value)
    return str(int(float(text))) if _WHOLE.fullmatch(text) else text


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
