"""The demonstration: Civic Capacity of the library, and the word that nobody was asked."""

from uuid import UUID

import msgspec

from schemas import instruments
from schemas.rpc.scoring import FrameworkDefinition
from schemas.rpc.surveys import Definition

SLUG = "your-place-and-you"
INSTRUMENT = instruments.find("civic-capacity")
NOTICE = "Demonstration: these answers were made by a computer, not by people."
NOTICES = {
    "cy": "Arddangosiad: cyfrifiadur a wnaeth yr atebion hyn, nid pobl.",
    "pl": "Pokaz: te odpowiedzi stworzył komputer, a nie ludzie.",
    "ur": "نمونہ: یہ جواب کمپیوٹر نے بنائے ہیں، لوگوں نے نہیں۔",
}


def definition(council: str) -> Definition:
    """The questionnaire as `council` (its name) asks it."""
    plain = instruments.questionnaire(INSTRUMENT, area_level="ward")
    return msgspec.structs.replace(
        plain,
        title=_titled(plain.title, council),
        intro=f"{NOTICE} {plain.intro}",
        translations={
            language: words
            | {"title": _titled(words["title"], council), "intro": f"{NOTICES[language]} {words['intro']}"}
            for language, words in plain.translations.items()
        },
    )


def _titled(title: str, council: str) -> str:
    return f"{title}: {council} (demonstration)"


def framework(questionnaire_id: UUID) -> FrameworkDefinition:
    """Four domains, all of the same weight."""
    plain = instruments.framework(INSTRUMENT, questionnaire_id)
    return msgspec.structs.replace(plain, title="Civic capacity (demonstration)")
