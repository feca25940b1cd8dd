"""The words of a questionnaire in other languages."""

import msgspec
import pytest
from msgspec.structs import replace

from schemas.rpc import surveys
from schemas.rpc.surveys import wording
from tests.support.questionnaires import definition

ITEM = surveys.Item(
    code="grid",
    kind="matrix",
    text="How are these?",
    hint="Think of last week.",
    rows=(surveys.Row("bus", "Buses"),),
    minimum=1,
    maximum=5,
    labels={"1": "Bad"},
    constraint="true()",
    constraint_message="Look again.",
)
WHOLE = replace(
    definition(),
    intro="Hello.",
    sections=(*definition().sections, surveys.Section("more", "More", (ITEM,), intro="A few more.")),
)
PLACES = [
    "title",
    "intro",
    "sections.skills.title",
    "items.speak.text",
    "items.alone.text",
    "items.vote.text",
    "items.vote.choices.no",
    "items.vote.choices.yes",
    "items.vote.choices.dont_know",
    "items.more.text",
    "sections.more.title",
    "sections.more.intro",
    "items.grid.text",
    "items.grid.hint",
    "items.grid.labels.1",
    "items.grid.rows.bus",
    "items.grid.constraint_message",
    "attributes.age_band.label",
    "attributes.age_band.categories.16-39",
    "attributes.age_band.categories.40-64",
    "attributes.age_band.categories.65+",
    "attributes.gender.label",
    "attributes.gender.categories.female",
    "attributes.gender.categories.male",
    "consent.text",
    "consent.purposes.service_improvement",
    "consent.purposes.research",
]


def test_all_words_have_a_place_in_the_questionnaires_order() -> None:
    found = wording.words(WHOLE)
    assert sorted(found) == sorted(PLACES)
    assert [place for place in found if place.startswith("items.")] == [p for p in PLACES if p.startswith("items.")]
    assert (found["items.grid.labels.1"], found["items.grid.hint"]) == ("Bad", "Think of last week.")


def test_every_place_is_said_in_the_other_language_and_nothing_else_changes() -> None:
    words = wording.words(WHOLE)
    both = replace(WHOLE, translations={"cy": {place: f"cy:{text}" for place, text in words.items()}})
    welsh = wording.in_language(both, "cy")
    assert welsh.language == "cy"
    assert wording.words(welsh) == {place: f"cy:{text}" for place, text in words.items()}
    assert wording.in_language(both, "cy-GB") == welsh
    back = wording.in_language(replace(welsh, translations={"en": words}), "en")
    assert replace(back, translations={}) == WHOLE
    assert wording.in_language(both, "fr") is wording.in_language(both, "en-GB") is both


def test_words_that_are_missing_are_named_and_read_in_the_questionnaires_own_language() -> None:
    some = replace(WHOLE, translations={"pl": {"title": "Udział", "intro": " "}, "cy": {"items.speak.text": "Siarad"}})
    gaps = list(wording.missing(some))
    assert gaps == [("pl", place) for place in wording.words(WHOLE) if place != "title"] + [
        ("cy", place) for place in wording.words(WHOLE) if place != "items.speak.text"
    ]
    polish = wording.in_language(some, "pl")
    assert (polish.title, polish.sections[0].items[0].text) == ("Udział", "I can speak up.")


def test_translations_of_what_is_not_there_are_named() -> None:
    stray = {"items.speak.hint": "x", "title": "x", "items.speak.labels.1": "x"}
    assert list(wording.astray(replace(WHOLE, translations={"ur": stray}))) == [
        ("ur", "items.speak.hint"),
        ("ur", "items.speak.labels.1"),
    ]


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("en", "ltr"),
        ("cy", "ltr"),
        ("pl", "ltr"),
        ("ur", "rtl"),
        ("ur-PK", "rtl"),
        ("ur-Latn", "ltr"),
        ("pa-Arab", "rtl"),
    ],
)
def test_directions(language: str, direction: str) -> None:
    assert wording.direction(language) == direction


def test_a_language_is_a_tag() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(WHOLE), "translations": {"Welsh!": {}}}, surveys.Definition)
