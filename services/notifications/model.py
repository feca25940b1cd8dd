"""What may be followed, what a fact means to those who follow, and the words of an e-mail."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

EMAIL_SUBJECT = "You have a new message"
EMAIL_BODY = """\
Hello,

You have a new message. Sign in to read it.

You get this e-mail because you asked us to tell you.
To stop these e-mails, sign in and take your e-mail address away.
"""
"""Discreet on purpose: whoever looks over a shoulder sees no programme, survey, area or score."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Notice:
    """A fact for the followers of `subject` and `key`, or among them for one `person` alone.

    Notices with one `dedupe_key` are the same fact told to different followers; who follows by several keys hears it
    once, under the most telling key.
    """

    kind: str
    subject: str
    key: str
    about: UUID
    dedupe_key: str
    person: UUID | None = None


def fault_in_key(subject: str, key: str) -> str | None:
    """What is wrong with following `key`, or None. Whether an area is known is for the council to say."""
    if subject == "own_scores" and key:
        return "Leave this empty: these are your own scores."
    if subject == "tag" and not _SLUG.fullmatch(key):
        return "Choose one of the directory's tags."
    if subject == "case_studies" and key and not _SLUG.fullmatch(key):
        return "Choose a theme, or leave it empty for all."
    if subject == "survey" and key and not _is_id(key):
        return "Choose a survey, or leave it empty for every new one."
    return None


def _is_id(text: str) -> bool:
    # only the usual form: events are matched with it letter by letter
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def is_address(email: str) -> bool:
    """Whether mail can be sent there: plain ASCII, since not every server takes more."""
    return len(email) <= 254 and _EMAIL.fullmatch(email) is not None


def figures_released(framework_id: UUID, version: int, release: int, areas: tuple[str, ...]) -> list[Notice]:
    """New figures of each of `areas`, and of the whole council: each is a fact of its own."""
    fact = f"figures:{framework_id}:{version}:{release}:"
    return [Notice("figures_released", "area", code, framework_id, fact + code) for code in dict.fromkeys((*areas, ""))]


def questionnaire_published(questionnaire_id: UUID, version: int) -> list[Notice]:
    """A survey is open: for those who follow it, and those who follow every new one."""
    fact = Notice("questionnaire_published", "survey", "", questionnaire_id, f"open:{questionnaire_id}:{version}")
    return [fact, replace(fact, key=str(questionnaire_id))]


def questionnaire_closed(questionnaire_id: UUID, version: int) -> list[Notice]:
    """A survey is closed: for those who follow it."""
    fact = f"closed:{questionnaire_id}:{version}"
    return [Notice("questionnaire_closed", "survey", str(questionnaire_id), questionnaire_id, fact)]


def scores_updated(event_id: UUID, framework_id: UUID, person: UUID) -> list[Notice]:
    """A person's own scores changed: for that person, if they follow them."""
    return [Notice("scores_updated", "own_scores", "", framework_id, f"scores:{event_id}", person)]


def case_study_published(case_study_id: UUID, themes: tuple[str, ...]) -> list[Notice]:
    """A story is open: for those who follow one of its themes, or all stories."""
    fact = Notice("case_study_published", "case_studies", "", case_study_id, f"story:{case_study_id}")
    return [replace(fact, key=theme) for theme in dict.fromkeys(("", *themes))]


def entry_published(entry_id: UUID, tags: tuple[str, ...]) -> list[Notice]:
    """An entry is listed: for those who follow one of its tags. A new wording is no news to who has heard of it."""
    fact = Notice("entry_published", "tag", "", entry_id, f"entry:{entry_id}")
    return [replace(fact, key=tag) for tag in dict.fromkeys(tags)]
