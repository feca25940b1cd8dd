"""The content of a questionnaire: what is asked, how it is answered, and in which languages."""

from typing import Annotated, Literal

import msgspec

from schemas.rpc.base import Line, Message, Slug

ItemKind = Literal[
    "scale",
    "slider",
    "number",
    "single_choice",
    "multiple_choice",
    "matrix",
    "ranking",
    "date",
    "text",
    "long_text",
    "place",
    "consent",
    "note",
    "calculation",
]
PREFER_NOT_TO_SAY = "prefer_not_to_say"
"""The answer of somebody who declines a question that may be declined; it counts for nothing."""
Expression = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
"""A rule in XLSForm's language; `${code}` is the answer to another question, `.` the answer to this one."""
Words = Annotated[str, msgspec.Meta(max_length=5_000)]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A language tag as in BCP 47: "en", "cy", "pl", "ur"."""


class Choice(Message, frozen=True):
    """One choice. `score` makes the item count as a number; leave it out for a choice that is only a label."""

    code: Slug
    label: Line
    score: float | None = None
    exclusive: bool = False
    """Goes with no other choice of a multiple choice: "none of these"."""
    filters: dict[str, str] = {}
    """Columns that the item's `choice_filter` reads, by name."""


class Row(Message, frozen=True):
    """One row of a matrix."""

    code: Slug
    label: Line


class Item(Message, frozen=True):
    """One question, or something that stands between questions.

    scale: whole numbers `minimum`..`maximum`, with words for some of them in `labels`; slider: the same in steps of
    `step` (1 unless said); number: any number in the range where one is given, on `step` where one is given;
    single_choice, multiple_choice and ranking: `choices`, for the last two at least `minimum` and at most `maximum` of
    them; matrix: `rows`, each answered with one of the `choices`, or as a scale; date: a day from `earliest` to
    `latest`; text and long_text: up to `maximum` characters (2,000 and 10,000 unless said otherwise); place: a
    postcode, or an area of the council; consent: yes or no; note: words only, nothing to answer; calculation: the
    outcome of an expression.

    A scored item is a scale, a slider, a number or calculation with both bounds, a single choice whose choices have
    scores, or each row of a matrix (`<item>.<row>`) that is a scale or whose choices have scores.
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
    step: float | None = None
    rows: tuple[Row, ...] = ()
    other: bool = False
    """Somebody may choose `other`, whether it is among the choices or not, and say it in words: `<item>_other`."""
    prefer_not_to_say: bool = False
    """Somebody may decline to answer; who declines has answered, also where an answer is required."""
    earliest: str | None = None
    """The first day that a date may be: YYYY-MM-DD, or `today`."""
    latest: str | None = None
    relevance: Expression | None = None
    """Asked only where this holds. The answer of a question that is not asked is dropped."""
    required_if: Expression | None = None
    constraint: Expression | None = None
    constraint_message: str | None = None
    calculation: Expression | None = None
    choice_filter: Expression | None = None


class Repeat(Message, frozen=True):
    """A section that is answered several times over, once for each thing that is asked about."""

    minimum: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    maximum: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    count: Expression | None = None
    """How many times, where another answer says so."""


class Section(Message, frozen=True):
    """Items that belong together, under a heading."""

    code: Slug
    title: Line
    items: tuple[Item, ...]
    intro: str | None = None
    relevance: Expression | None = None
    repeat: Repeat | None = None


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
    scored_for: str | None = None
    """The purpose that answers are scored for: who does not agree to it counts in no score. None: all are scored."""


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
    open_counts: bool = False
    """Let answers that nobody vouches for, from open links, count as people in figures; only with "on_close".

    Whoever sends many made-up answers to a place can then work out what the others there said.
    """
    language: Language = "en"
    """The language of the words in this definition."""
    translations: dict[Language, dict[str, Words]] = {}
    """Language → path of the words → the words in that language.

    Paths: `title`, `intro`, `sections.<code>.title`, `sections.<code>.intro`, `items.<code>.text`, `items.<code>.hint`,
    `items.<code>.labels.<number>`, `items.<code>.choices.<choice>`, `items.<code>.rows.<row>`,
    `items.<code>.constraint_message`, `attributes.<code>.label`, `attributes.<code>.categories.<category>`,
    `consent.text`, `consent.purposes.<purpose>`.
    """
    instruments: tuple[Slug, ...] = ()
    """Instruments of the library (`schemas.instruments`) whose items are asked; one may need the council's licence."""
