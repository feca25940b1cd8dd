"""What people are told, in every language."""

from string import Formatter

import pytest

from services.surveys.model.sentences import CATALOGUES, saying

ENGLISH = CATALOGUES["en"]


def places(sentence: str) -> set[str]:
    """The names of what is put into a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", ["en", "cy", "pl", "ur"])
def test_every_language_says_everything_with_the_same_places(language: str) -> None:
    catalogue = CATALOGUES[language]
    assert list(catalogue) == list(ENGLISH)
    assert {key: places(s) for key, s in catalogue.items()} == {key: places(s) for key, s in ENGLISH.items()}
    assert all(sentence.strip() for sentence in catalogue.values())


@pytest.mark.parametrize("language", ["cy", "pl", "ur"])
def test_nothing_is_left_in_english(language: str) -> None:
    assert [key for key, sentence in CATALOGUES[language].items() if sentence == ENGLISH[key]] == []


def test_a_language_that_is_not_known_is_answered_in_english() -> None:
    assert saying("fr")("required") == saying("en-GB")("required") == "Please answer this question."
    assert saying("cy")("required") == "Atebwch y cwestiwn hwn, os gwelwch yn dda."
