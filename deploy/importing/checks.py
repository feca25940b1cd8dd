"""What keeps a file from being brought in by a mapping: all of it said at once, before the first row."""

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deploy.importing.mapping import Consent, GroupColumn, ItemColumn, Mapping, TimeColumn, number, plain
from deploy.importing.targets import Target, targets
from schemas.rpc.surveys import PREFER_NOT_TO_SAY, Attribute, Definition, Item


def faults_of(mapping: Mapping, columns: tuple[str, ...], definition: Definition) -> list[str]:
    """Everything that keeps a file with these `columns` from being read by this mapping into this questionnaire."""
    return list(_faults(mapping, columns, definition))


def _faults(mapping: Mapping, columns: tuple[str, ...], definition: Definition) -> Iterator[str]:
    yield from _column_faults(mapping, columns)
    yield from _items_faults(mapping, definition)
    yield from _groups_faults(mapping, definition)
    if mapping.area is not None and definition.area_level is None:
        yield "the questionnaire asks for no area"
    yield from _time_faults(mapping.time_column)
    yield from _consent_faults(mapping.consent, definition)
    if len(mapping.delimiter) != 1:
        yield "the delimiter must be one character"


def _column_faults(mapping: Mapping, columns: tuple[str, ...]) -> Iterator[str]:
    for column in mapping.columns:
        if column not in columns:
            yield f"the file has no column '{column}'"
        elif columns.count(column) > 1:
            yield f"the file has the column '{column}' more than once"


def _items_faults(mapping: Mapping, definition: Definition) -> Iterator[str]:
    known = targets(definition)
    if not mapping.items:
        yield "the mapping names no items"
    for code, column in mapping.item_columns.items():
        if code not in known:
            rows = ", ".join(f"'{row}'" for row, target in known.items() if target.row and target.item.code == code)
            yield f"the questionnaire has no item '{code}'" + (f"; it has the rows {rows}" if rows else "")
        else:
            yield from _item_faults(code, known[code], column)
    for code, target in known.items():
        if target.required and code not in mapping.items:
            yield f"item '{code}' must be answered, and the mapping gives it no column"


def _groups_faults(mapping: Mapping, definition: Definition) -> Iterator[str]:
    attributes = {attribute.code: attribute for attribute in definition.attributes}
    for code, group in mapping.group_columns.items():
        if code not in attributes:
            yield f"the questionnaire has no group attribute '{code}'"
        else:
            yield from _group_faults(attributes[code], group)


def _item_faults(code: str, target: Target, column: ItemColumn) -> Iterator[str]:
    declining = {PREFER_NOT_TO_SAY} if target.item.prefer_not_to_say else set()
    meant = [value for value in column.values.values() if plain(value) not in declining]
    if target.form in ("choice", "choices"):
        choices = _choices(target.item)
        yield from (f"item '{code}' has no choice '{value}'" for value in meant if plain(value) not in choices)
    elif target.form == "number":
        yield from (f"item '{code}' takes numbers; '{value}' is none" for value in meant if number(value) is None)
    if not column.separator:
        yield f"item '{code}' has an empty separator"


def _choices(item: Item) -> set[str]:
    if item.kind == "consent":
        return {"yes", "no"}
    return {choice.code for choice in item.choices} | ({"other"} if item.other else set())


def _group_faults(attribute: Attribute, column: GroupColumn) -> Iterator[str]:
    if column.values and column.bands:
        yield f"group '{attribute.code}' has values and bands; choose one of the two"
    categories = [*map(plain, column.values.values()), *(band.category for band in column.bands)]
    for category in dict.fromkeys(categories):
        if category not in attribute.categories and category != PREFER_NOT_TO_SAY:
            yield f"group '{attribute.code}' has no category '{category}'"
    for band in column.bands:
        if (band.low is None and band.high is None) or (None not in (band.low, band.high) and band.low > band.high):  # type: ignore[operator]
            yield f"group '{attribute.code}': the band '{band.category}' runs from nothing to nothing"
    ordered = sorted(column.bands, key=lambda b: float("-inf") if b.low is None else b.low)
    for one, other in pairwise(ordered):
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
