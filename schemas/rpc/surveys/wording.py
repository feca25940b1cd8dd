"""The words of a questionnaire and where they stand, so that they can be said in other languages."""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec.structs import replace

from schemas.rpc.surveys.definition import Attribute, Choice, Definition, Item, Row, Section

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages that are written from right to left, unless the tag names another script."""
RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})
Said = Callable[[str, str], str]
"""Takes the place of words and the words there; gives what is said in their place."""


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written."""
    own, *more = language.lower().split("-")
    script = next((part for part in more if len(part) == 4 and part.isalpha()), None)
    there = script in RIGHT_TO_LEFT_SCRIPTS if script else own in RIGHT_TO_LEFT
    return "rtl" if there else "ltr"


def words(definition: Definition) -> dict[str, str]:
    """All words that people read, by their place (see `Definition.translations`), in the questionnaire's order."""
    found: dict[str, str] = {}

    def note(path: str, text: str) -> str:
        found[path] = text
        return text

    _reworded(definition, note)
    return found


def missing(definition: Definition) -> Iterator[tuple[str, str]]:
    """Language and place of all words that a language of the questionnaire does not have yet."""
    places = words(definition)
    for language, texts in definition.translations.items():
        yield from ((language, place) for place in places if not texts.get(place, "").strip())


def astray(definition: Definition) -> Iterator[tuple[str, str]]:
    """Language and place of translations whose place the questionnaire does not have."""
    places = words(definition)
    for language, texts in definition.translations.items():
        yield from ((language, place) for place in texts if place not in places)


def in_language(definition: Definition, language: str) -> Definition:
    """The definition with its words in a language: that, else the same without region or script, else its own.

    Words that the language does not have, as in a draft, stay as they are. `language` says which it came to be.
    """
    there = {definition.language, *definition.translations}
    found = next((one for one in (language, language.partition("-")[0]) if one in there), definition.language)
    if found == definition.language:
        return definition
    texts = definition.translations[found]
    return replace(_reworded(definition, lambda path, text: texts.get(path) or text), language=found)


def _reworded(definition: Definition, said: Said) -> Definition:
    consent = definition.consent
    return replace(
        definition,
        title=said("title", definition.title),
        intro=_maybe("intro", definition.intro, said),
        sections=tuple(_section(section, said) for section in definition.sections),
        attributes=tuple(_attribute(attribute, said) for attribute in definition.attributes),
        consent=replace(
            consent,
            text=said("consent.text", consent.text),
            purposes={p: said(f"consent.purposes.{p}", text) for p, text in consent.purposes.items()},
        ),
    )


def _section(section: Section, said: Said) -> Section:
    path = f"sections.{section.code}"
    return replace(
        section,
        title=said(f"{path}.title", section.title),
        intro=_maybe(f"{path}.intro", section.intro, said),
        items=tuple(_item(item, said) for item in section.items),
    )


def _item(item: Item, said: Said) -> Item:
    path = f"items.{item.code}"
    return replace(
        item,
        text=said(f"{path}.text", item.text),
        hint=_maybe(f"{path}.hint", item.hint, said),
        labels={number: said(f"{path}.labels.{number}", text) for number, text in item.labels.items()},
        choices=tuple(_choice(f"{path}.choices", choice, said) for choice in item.choices),
        rows=tuple(_row(f"{path}.rows", row, said) for row in item.rows),
        constraint_message=_maybe(f"{path}.constraint_message", item.constraint_message, said),
    )


def _choice(path: str, choice: Choice, said: Said) -> Choice:
    return replace(choice, label=said(f"{path}.{choice.code}", choice.label))


def _row(path: str, row: Row, said: Said) -> Row:
    return replace(row, label=said(f"{path}.{row.code}", row.label))


def _attribute(attribute: Attribute, said: Said) -> Attribute:
    path = f"attributes.{attribute.code}"
    return replace(
        attribute,
        label=said(f"{path}.label", attribute.label),
        categories={c: said(f"{path}.categories.{c}", text) for c, text in attribute.categories.items()},
    )


def _maybe(path: str, text: str | None, said: Said) -> str | None:
    return said(path, text) if text else text
