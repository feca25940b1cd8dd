"""Questionnaires out of other tools' files, and into them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.rpc.base import Line, Message, Reply, Slug
from schemas.rpc.surveys.definition import Attribute, ConsentText, Language
from schemas.rpc.surveys.questionnaires import Questionnaire

LARGEST_FILE = 8 * 1024 * 1024
FileKind = Literal["xlsx", "csv", "lss"]
"""xlsx, csv: an XLSForm; lss: a LimeSurvey survey structure."""
UNWRITTEN = "not-written"
"""The version of a consent text that nobody has written yet; a questionnaire with it cannot be published."""


class ImportQuestionnaire(Message, frozen=True):
    """Make a draft of a form in a file.

    What other tools' forms do not say can be said beside it; what is given here goes before what the file says.
    """

    slug: Slug
    kind: FileKind
    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=LARGEST_FILE)]
    title: Line | None = None
    language: Language = "en"
    """The language of words for which the file names none."""
    consent: ConsentText | None = None
    attributes: tuple[Attribute, ...] | None = None
    area_level: str | None = None
    revise: bool = False
    """Put it in the place of the draft of the questionnaire that has this slug, or begin its next version with it."""


class FileNote(Reply, frozen=True):
    """Something of the file that the draft does not say in the same way: where, why, and what to do.

    left_out: the draft has nothing of it; changed: it says it otherwise; to_do: the draft is not complete without it.
    """

    sheet: str
    row: int | None
    column: str
    outcome: Literal["left_out", "changed", "to_do"]
    why: str
    advice: str


class ImportedQuota(Reply, frozen=True):
    """A quota that the file asks for: so many responses that answered one of these; pairs of item and answer."""

    name: str
    limit: int
    members: tuple[tuple[str, str], ...]
    message: str | None = None


class ImportedQuestionnaire(Reply, frozen=True):
    """The draft, and everything to know about how it came to be."""

    questionnaire: Questionnaire
    notes: tuple[FileNote, ...]
    quotas: tuple[ImportedQuota, ...] = ()


class ExportQuestionnaire(Message, frozen=True):
    """The latest version of a questionnaire as an XLSForm."""

    id: UUID


class ExportedFile(Reply, frozen=True):
    """A file."""

    name: str
    media_type: str
    content: bytes
