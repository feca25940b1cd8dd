"""What keeps a file from being brought in by a mapping: all of it said at once, before the first row."""

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deploy.importing.mapping import Consent, GroupColumn, ItemColumn, Mapping, TimeColumn, number, plain
from schemas.rpc.surveys import Attribute, Definition, Item


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
    items = {item.code: item for section in definition.sections for item in section.items}
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


def _groups_faults(mapping: Mapping, definition: Definition) -> Iterator[str]:
    attributes = {attribute.code: attribute for attribute in definition.attributes}
    for code, group in mapping.group_columns.items():
        if code not in attributes:
            yield f"the questionnaire has no group attribute '{code}'"
        else:
            yield from _group_faults(attributes[code], group)


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
