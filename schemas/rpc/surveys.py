"""Calls to the surveys service: questionnaires and the responses to them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.errors import Problem
from schemas.roles import EVERYONE, OFFICERS, PUBLIC, Actor, Role
from schemas.rpc.base import ById, ByIds, Key, Line, Message, Method, PageRequest, Reply, Slug

ItemKind = Literal["scale", "single_choice", "multiple_choice", "number", "text"]
Status = Literal["draft", "published", "closed"]
Answer = int | float | str | list[str] | None
"""A number for scale and number; a choice's code; a list of codes; a text. None: not answered."""
IMPORTERS = OFFICERS | {Role.PLATFORM}


class Choice(Message, frozen=True):
    """One choice. `score` makes the item count as a number; leave it out for a choice that is only a label."""

    code: Slug
    label: Line
    score: float | None = None


class Item(Message, frozen=True):
    """One question.

    scale: whole numbers `minimum`..`maximum`, with words for some of them in `labels`; number: any number in the range
    where one is given; single_choice and multiple_choice: `choices`; text: up to `maximum` characters (2,000 unless
    said otherwise). A scored item is a scale, a number with both bounds, or a single choice whose choices have scores.
    """

    code: Slug
    kind: ItemKind
    text: Line
    required: bool = False
    hint: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    labels: dict[str, str] = {}
    choices: tuple[Choice, ...] = ()


class Section(Message, frozen=True):
    """Items that belong together, under a heading."""

    code: Slug
    title: Line
    items: tuple[Item, ...]
    intro: str | None = None


class Attribute(Message, frozen=True):
    """A group attribute asked with the questionnaire, for example age band, with its categories (code → label)."""

    code: Slug
    label: Line
    categories: dict[str, str]


class ConsentText(Message, frozen=True):
    """What people agree to before they answer: a version, the words, and the purposes (code → plain words)."""

    version: Line
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
    purposes: dict[str, str]
    required: tuple[str, ...]
    """Purposes without which no answer is taken."""


class Definition(Message, frozen=True):
    """The whole content of a questionnaire version."""

    title: Line
    sections: tuple[Section, ...]
    consent: ConsentText
    intro: str | None = None
    attributes: tuple[Attribute, ...] = ()
    area_level: str | None = None
    """The level of the council's areas that people choose from ("ward"); None where no area is asked."""
    release: Literal["live", "on_close"] = "live"


class CreateQuestionnaire(Message, frozen=True):
    """Start a questionnaire with version 1 as a draft."""

    slug: Slug
    definition: Definition


class ReviseQuestionnaire(Message, frozen=True):
    """Replace the draft, or start the next version's draft where the latest is published or closed."""

    id: UUID
    definition: Definition


class Questionnaire(Reply, frozen=True):
    """A questionnaire with its latest version, or (for residents) its latest published one."""

    id: UUID
    slug: str
    version: int
    status: Status
    definition: Definition
    created_at: datetime
    published_at: datetime | None
    closed_at: datetime | None
    response_count: int | None = None
    """Accepted responses to all versions, rounded down to fives; for staff only, and from the minimum count up."""


class QuestionnaireList(Reply, frozen=True):
    """Questionnaires in the order asked for."""

    items: tuple[Questionnaire, ...]
    has_next: bool = False


class ListQuestionnaires(PageRequest, frozen=True):
    """Newest first; residents get published and closed ones only."""

    status: Status | None = None


class BySlug(Message, frozen=True):
    """A questionnaire by its slug."""

    slug: Slug


class Consent(Message, frozen=True):
    """What the person agreed to: the version of the text they saw, and the purposes they said yes to."""

    version: str
    purposes: tuple[str, ...]


class SubmitResponse(Message, frozen=True):
    """Someone's answers. The same `idempotency_key` again returns the first receipt and stores nothing."""

    questionnaire_id: UUID
    idempotency_key: Key
    answers: dict[str, Answer]
    consent: Consent
    version: int | None = None
    """The version that was answered; the open one unless given."""
    area: str | None = None
    groups: dict[str, str] = {}
    anonymous: bool = False
    """Do not tie the response to the signed-in person; it can then be neither corrected nor withdrawn."""


class Submission(Message, frozen=True):
    """Somebody's answers, with who sent them."""

    actor: Actor
    response: SubmitResponse


class SubmitResponses(Message, frozen=True):
    """Answers of a rush of people: one call and one commit for them all, and each is taken or refused by itself."""

    items: Annotated[tuple[Submission, ...], msgspec.Meta(min_length=1, max_length=200)]


class CorrectResponse(Message, frozen=True):
    """New answers in the place of the old ones; consent stays as it was given."""

    response_id: UUID
    answers: dict[str, Answer]
    area: str | None = None
    groups: dict[str, str] = {}


class Receipt(Reply, frozen=True):
    """Proof that a response was taken and is durable."""

    response_id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    accepted_at: datetime
    repeated: bool = False
    """True when this key had been taken before."""


class Refusal(Reply, frozen=True):
    """Why a submission was not taken: the error that it alone would have raised."""

    error: Literal["NotFound", "Forbidden", "Invalid", "Conflict"]
    message: str
    problems: tuple[Problem, ...] = ()


class Outcome(Reply, frozen=True):
    """A receipt or a refusal."""

    receipt: Receipt | None = None
    refusal: Refusal | None = None


class Outcomes(Reply, frozen=True):
    """What became of each submission, in their order."""

    items: tuple[Outcome, ...]


class Response(Reply, frozen=True):
    """A person's own response, as it stands."""

    id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    status: Literal["accepted", "withdrawn"]
    answers: dict[str, Answer]
    area: str | None
    groups: dict[str, str]
    consent: Consent
    submitted_at: datetime


class ResponseList(Reply, frozen=True):
    """A person's own responses, newest first."""

    items: tuple[Response, ...]
    has_next: bool = False


class ImportRow(Message, frozen=True):
    """One row of a file: its number in the file (from 1), and the answers read from it."""

    row: int
    answers: dict[str, Answer]
    area: str | None = None
    groups: dict[str, str] = {}
    person: UUID | None = None
    submitted_at: datetime | None = None


class ImportResponses(Message, frozen=True):
    """The next rows of an import, taken in one transaction together with the mark of how far it has come.

    `import_id` is made from the file and its mapping, so that the same file again goes on where it stopped. A row that
    was taken before is taken no second time.
    """

    import_id: UUID
    questionnaire_id: UUID
    consent: Consent
    rows: Annotated[tuple[ImportRow, ...], msgspec.Meta(max_length=2_000)]
    last_row: int
    """The number of the last row read, rejected ones included."""


class Reject(Reply, frozen=True):
    """A row that was not taken, which column, and why."""

    row: int
    column: str
    reason: str


class ImportOutcome(Reply, frozen=True):
    """How many of these rows were taken now, how many had been before, and which were refused."""

    accepted: int
    repeated: int
    rejects: tuple[Reject, ...]


class ImportProgress(Reply, frozen=True):
    """How far an import has come; zeros where it has not begun."""

    import_id: UUID
    last_row: int
    accepted: int
    rejected: int


create_questionnaire = Method("surveys", "create_questionnaire", CreateQuestionnaire, Questionnaire, OFFICERS)
revise_questionnaire = Method("surveys", "revise_questionnaire", ReviseQuestionnaire, Questionnaire, OFFICERS)
publish_questionnaire = Method("surveys", "publish_questionnaire", ById, Questionnaire, OFFICERS)
close_questionnaire = Method("surveys", "close_questionnaire", ById, Questionnaire, OFFICERS)
questionnaires = Method("surveys", "questionnaires", ByIds, QuestionnaireList, PUBLIC)
questionnaire_by_slug = Method("surveys", "questionnaire_by_slug", BySlug, Questionnaire, PUBLIC)
list_questionnaires = Method("surveys", "list_questionnaires", ListQuestionnaires, QuestionnaireList, PUBLIC)
submit_response = Method("surveys", "submit_response", SubmitResponse, Receipt, PUBLIC)
submit_responses = Method("surveys", "submit_responses", SubmitResponses, Outcomes, PUBLIC)
correct_response = Method("surveys", "correct_response", CorrectResponse, Receipt, EVERYONE)
withdraw_response = Method("surveys", "withdraw_response", ById, Receipt, EVERYONE)
my_responses = Method("surveys", "my_responses", PageRequest, ResponseList, EVERYONE)
import_responses = Method("surveys", "import_responses", ImportResponses, ImportOutcome, IMPORTERS)
import_progress = Method("surveys", "import_progress", ById, ImportProgress, IMPORTERS)
