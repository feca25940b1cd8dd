"""The words of our own questionnaires, a file a language, and the paths that a definition knows them by."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated

import msgspec

from schemas.errors import Invalid, Problem
from schemas.instruments.library import DATA, Instrument, OutlineItem
from schemas.rpc.base import Line, Message


class SectionWords(Message, frozen=True):
    """A heading, and a few words below it."""

    title: Line
    intro: str | None = None


class ItemWords(Message, frozen=True):
    """A question, and a word of help."""

    text: Line
    hint: str | None = None


class AttributeWords(Message, frozen=True):
    """What is asked of the person, and the groups to choose from."""

    label: Line
    categories: dict[str, str]


class Wording(Message, frozen=True):
    """A questionnaire's words in one language. `answers` are sets of words that several questions share."""

    title: Line
    intro: str
    consent: Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
    purposes: dict[str, str]
    sections: dict[str, SectionWords]
    answers: dict[str, dict[str, str]]
    items: dict[str, ItemWords]
    attributes: dict[str, AttributeWords]


def written_in(instrument: Instrument, language: str, *path: str) -> Wording:
    """The words in this language. Raises Invalid, about the field at `path`, where there are none."""
    if language not in {known.code for known in instrument.languages}:
        codes = ", ".join(known.code for known in instrument.languages)
        said = f"Choose one of these: {codes}." if codes else "Import the questions in the words that you may use."
        raise Invalid("the library has no words in this language", [Problem(path, said)])
    return _read(instrument.code, language)


@cache
def _read(code: str, language: str) -> Wording:
    return msgspec.json.decode((DATA / "wording" / code / f"{language}.json").read_bytes(), type=Wording)


def words(instrument: Instrument, wording: Wording) -> dict[str, str]:
    """Path → words, as in `Definition.translations`. Every path of the questionnaire, and no other."""
    return dict(_paths(instrument, wording))


def _paths(instrument: Instrument, wording: Wording) -> Iterator[tuple[str, str]]:
    if instrument.questionnaire is None:
        raise ValueError(f"{instrument.code} has no questionnaire of ours")
    yield "title", wording.title
    yield "intro", wording.intro
    for section in instrument.questionnaire.sections:
        said = wording.sections[section.code]
        yield f"sections.{section.code}.title", said.title
        if said.intro is not None:
            yield f"sections.{section.code}.intro", said.intro
        for item in section.items:
            yield from _item_paths(item, wording)
    for code, attribute in wording.attributes.items():
        yield f"attributes.{code}.label", attribute.label
        for category, label in attribute.categories.items():
            yield f"attributes.{code}.categories.{category}", label
    yield "consent.text", wording.consent
    for purpose, label in wording.purposes.items():
        yield f"consent.purposes.{purpose}", label


def _item_paths(item: OutlineItem, wording: Wording) -> Iterator[tuple[str, str]]:
    said = wording.items[item.code]
    yield f"items.{item.code}.text", said.text
    if said.hint is not None:
        yield f"items.{item.code}.hint", said.hint
    part = "choices" if item.kind == "single_choice" else "labels"
    for answer, label in answers_of(item, wording).items():
        yield f"items.{item.code}.{part}.{answer}", label


def answers_of(item: OutlineItem, wording: Wording) -> dict[str, str]:
    """Point of a scale, or choice → its words."""
    return wording.answers[item.answers] if item.answers else {}
