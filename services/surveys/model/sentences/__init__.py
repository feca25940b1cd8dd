"""What people are told about their answers, in their language.

A catalogue a language, all with the same keys and the same {places}, so that a translator sees sentences and nothing
else. A language that has none is answered in English.
"""

from collections.abc import Callable, Mapping
from functools import partial

from services.surveys.model.sentences.cy import SENTENCES as CY
from services.surveys.model.sentences.en import SENTENCES as EN
from services.surveys.model.sentences.pl import SENTENCES as PL
from services.surveys.model.sentences.ur import SENTENCES as UR

CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": EN, "cy": CY, "pl": PL, "ur": UR}
Say = Callable[..., str]
"""Takes a key and values for the sentence's places."""


def _say(catalogue: Mapping[str, str], key: str, **values: str) -> str:
    return catalogue[key].format(**values)


_SAYING = {language: partial(_say, catalogue) for language, catalogue in CATALOGUES.items()}


def saying(language: str) -> Say:
    """How to say things in a language; of `pl-PL`, the `pl` counts."""
    return _SAYING.get(language.partition("-")[0].lower(), _SAYING["en"])
