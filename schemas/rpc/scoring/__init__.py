"""Calls to the scoring service: frameworks, a person's own scores, published figures."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import EVERYONE, OFFICERS, PUBLIC
from schemas.rpc.base import ById, ByIds, ItemCode, Line, Message, Method, PageRequest, Reply, Slug
from schemas.rpc.scoring.bases import Base as Base
from schemas.rpc.scoring.bases import DeriveFramework as DeriveFramework
from schemas.rpc.scoring.bases import DiffFrameworks as DiffFrameworks
from schemas.rpc.scoring.bases import FollowBase as FollowBase
from schemas.rpc.scoring.bases import FrameworkChange as FrameworkChange
from schemas.rpc.scoring.bases import FrameworkDiff as FrameworkDiff
from schemas.rpc.scoring.bases import LibraryRef as LibraryRef
from schemas.rpc.scoring.bases import Override as Override
from schemas.rpc.scoring.bases import VersionRef as VersionRef
from schemas.rpc.scoring.changes import CellChange as CellChange
from schemas.rpc.scoring.changes import CellChangeList as CellChangeList
from schemas.rpc.scoring.changes import CellChangeRequest as CellChangeRequest
from schemas.rpc.scoring.changes import MeasureChange as MeasureChange
from schemas.rpc.scoring.changes import MyChange as MyChange
from schemas.rpc.scoring.changes import PersonChange as PersonChange
from schemas.rpc.scoring.changes import TrendRequest as TrendRequest
from schemas.rpc.scoring.changes import Verdict as Verdict
from schemas.rpc.scoring.changes import cell_change as cell_change
from schemas.rpc.scoring.changes import my_change as my_change
from schemas.rpc.scoring.needs import Need as Need
from schemas.rpc.scoring.needs import NeedList as NeedList
from schemas.rpc.scoring.needs import NeedsRequest as NeedsRequest
from schemas.rpc.scoring.needs import Shrunk as Shrunk
from schemas.rpc.scoring.needs import needs as needs
from schemas.rpc.scoring.places import AreaIndicatorList as AreaIndicatorList
from schemas.rpc.scoring.places import AreaIndicatorVersion as AreaIndicatorVersion
from schemas.rpc.scoring.places import AreaScore as AreaScore
from schemas.rpc.scoring.places import AreaScoreList as AreaScoreList
from schemas.rpc.scoring.places import AreaScoresRequest as AreaScoresRequest
from schemas.rpc.scoring.places import AreaValue as AreaValue
from schemas.rpc.scoring.places import ImportAreaIndicator as ImportAreaIndicator
from schemas.rpc.scoring.places import ListAreaIndicators as ListAreaIndicators
from schemas.rpc.scoring.places import area_scores as area_scores
from schemas.rpc.scoring.places import import_area_indicator as import_area_indicator
from schemas.rpc.scoring.places import list_area_indicators as list_area_indicators
from schemas.rpc.scoring.private import ListPrivateReleases as ListPrivateReleases
from schemas.rpc.scoring.private import PrivacyBudget as PrivacyBudget
from schemas.rpc.scoring.private import PrivacyBudgetRequest as PrivacyBudgetRequest
from schemas.rpc.scoring.private import PrivateFigure as PrivateFigure
from schemas.rpc.scoring.private import PrivateRelease as PrivateRelease
from schemas.rpc.scoring.private import PrivateReleaseList as PrivateReleaseList
from schemas.rpc.scoring.private import ReleasePrivateFigures as ReleasePrivateFigures
from schemas.rpc.scoring.private import SetPrivacyBudget as SetPrivacyBudget
from schemas.rpc.scoring.private import SetPrivateFigures as SetPrivateFigures
from schemas.rpc.scoring.private import privacy_budget as privacy_budget
from schemas.rpc.scoring.private import private_releases as private_releases
from schemas.rpc.scoring.private import release_private_figures as release_private_figures
from schemas.rpc.scoring.private import set_privacy_budget as set_privacy_budget
from schemas.rpc.scoring.private import set_private_figures as set_private_figures
from schemas.rpc.scoring.reliability import ItemReliability as ItemReliability
from schemas.rpc.scoring.reliability import ReliabilityList as ReliabilityList
from schemas.rpc.scoring.reliability import ReliabilityRequest as ReliabilityRequest
from schemas.rpc.scoring.reliability import ScaleReliability as ScaleReliability
from schemas.rpc.scoring.reliability import reliability as reliability
from schemas.rpc.scoring.runs import ListRuns as ListRuns
from schemas.rpc.scoring.runs import Run as Run
from schemas.rpc.scoring.runs import RunList as RunList
from schemas.rpc.scoring.runs import StartRun as StartRun
from schemas.rpc.scoring.runs import cancel_run as cancel_run
from schemas.rpc.scoring.runs import list_runs as list_runs
from schemas.rpc.scoring.runs import runs as runs
from schemas.rpc.scoring.runs import start_run as start_run
from schemas.rpc.scoring.weights import ListWeightings as ListWeightings
from schemas.rpc.scoring.weights import WeightedScore as WeightedScore
from schemas.rpc.scoring.weights import Weighting as Weighting
from schemas.rpc.scoring.weights import WeightingList as WeightingList
from schemas.rpc.scoring.weights import WeightingNote as WeightingNote
from schemas.rpc.scoring.weights import weightings as weightings

Weight = Annotated[float, msgspec.Meta(gt=0, le=1_000)]
Normalisation = Literal["min_max", "z", "rank", "imd_exponential"]
Aggregation = Literal["arithmetic", "geometric"]


class FrameworkItem(Message, frozen=True):
    """An item of the questionnaire. Direction -1: a high answer means less of what is measured."""

    code: ItemCode
    direction: Literal[1, -1] = 1


class Indicator(Message, frozen=True):
    """The plain mean of the answered items, each put on 0–100, when at least `minimum_items` were answered.

    With `scale`, and no items: the framework's scale of that code, put on 0–100 by its range. `normalisation` other
    than min_max compares with the people whose answers were stored when the version was made live: 50 + 10·z, 100 times
    the rank share, or the exponential transformation of the rank share.
    """

    code: Slug
    title: Line
    items: tuple[FrameworkItem, ...] = ()
    weight: Weight = 1.0
    minimum_items: Annotated[int, msgspec.Meta(ge=1)] = 1
    scale: Slug | None = None
    normalisation: Normalisation = "min_max"


class AreaIndicator(Message, frozen=True):
    """An indicator of areas from elsewhere, put on 0–100 by comparing the areas. Direction -1: a high value is bad.

    `version` and `year` None: the newest there are when the framework is written; from then on they are part of it.
    """

    code: Slug
    direction: Literal[1, -1] = 1
    weight: Weight = 1.0
    normalisation: Normalisation = "min_max"
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None
    year: int | None = None


class Domain(Message, frozen=True):
    """The weighted mean of the indicators that a person has. In a geometric mean, what is below 1 counts as 1.

    `area_indicators` count where areas are scored, beside the survey's published figure, which has `survey_weight`.
    `tags` are the directory's: what is listed with one of them has to do with this domain.
    """

    code: Slug
    title: Line
    indicators: tuple[Indicator, ...]
    weight: Weight = 1.0
    aggregation: Aggregation = "arithmetic"
    area_indicators: tuple[AreaIndicator, ...] = ()
    survey_weight: Weight = 1.0
    tags: Annotated[tuple[Slug, ...], msgspec.Meta(max_length=20)] = ()


class ScaleItem(Message, frozen=True):
    """An item of the questionnaire, with the range that the scale's rule is written for. Direction -1: turned round."""

    code: ItemCode
    minimum: float
    maximum: float
    direction: Literal[1, -1] = 1


class Band(Message, frozen=True):
    """A part of a scale's range: from `lowest` up to the next band. `words` say it to the person, gently."""

    code: Slug
    label: Line
    lowest: float
    words: Line | None = None


class Scale(Message, frozen=True):
    """A measure with a range of its own, by the rule of an instrument's authors.

    sum: of the answers; mean: of the answers; table: the sum looked up, `table` giving a value for each possible sum
    from the lowest on. `minimum_items` answers are needed, all of them where it is None; a sum with gaps is the mean of
    what was answered, times the number of items. Direction -1: a high score is not the good end. `instrument` is the
    code in the library that it comes from.
    """

    code: Slug
    title: Line
    items: tuple[ScaleItem, ...]
    minimum: float
    maximum: float
    method: Literal["sum", "mean", "table"] = "sum"
    table: Annotated[tuple[float, ...], msgspec.Meta(max_length=1_000)] = ()
    minimum_items: Annotated[int, msgspec.Meta(ge=1)] | None = None
    direction: Literal[1, -1] = 1
    bands: tuple[Band, ...] = ()
    instrument: Slug | None = None
    instrument_version: int | None = None


class FrameworkDefinition(Message, frozen=True):
    """What is measured, from which questionnaire. The index is the weighted mean of the domains that a person has.

    Scales are measures beside the domains; one counts in the index only where an indicator names it.
    """

    title: Line
    questionnaire_id: UUID
    domains: tuple[Domain, ...] = ()
    scales: tuple[Scale, ...] = ()
    aggregation: Aggregation = "arithmetic"
    pairs: Annotated[tuple[tuple[Slug, Slug], ...], msgspec.Meta(max_length=10)] = ()
    """Pairs of attributes whose groups are compared together, such as age band and gender, for the whole council.

    Each costs a sum more for every measure of a response, and leaves the others fewer people to hide behind.
    """


class UseInstrument(Message, frozen=True):
    """How an instrument of the library scores a questionnaire; its newest version unless one is given.

    `mapping` is the instrument's item → the code of the question that asks it, for those that have another code there.
    """

    code: Slug
    questionnaire_id: UUID
    version: int | None = None
    mapping: dict[str, str] = {}


class CreateFramework(Message, frozen=True):
    """Start a framework with version 1 as a draft, checked against the published questionnaire.

    With a definition, or from an instrument.
    """

    slug: Slug
    definition: FrameworkDefinition | None = None
    instrument: UseInstrument | None = None


class ReviseFramework(Message, frozen=True):
    """Replace the draft, or start the next version's draft where the latest is live."""

    id: UUID
    definition: FrameworkDefinition


class Framework(Reply, frozen=True):
    """A framework with its latest version. A live version never changes.

    "counting": a run counts the stored responses by it; the version before counts until that is done.
    """

    id: UUID
    slug: str
    version: int
    status: Literal["draft", "counting", "live", "replaced"]
    definition: FrameworkDefinition
    created_at: datetime
    live_since: datetime | None
    base: Base | None = None


class FrameworkList(Reply, frozen=True):
    """Frameworks in the order asked for."""

    items: tuple[Framework, ...]
    has_next: bool = False


class MeasureScore(Reply, frozen=True):
    """A score for a measure, from `minimum` to `maximum`: a domain's code, a scale's code, or "index".

    The band is the part of a scale's range that the score is in, where its authors give bands. The warnings are those
    of `ScaleReliability`; "not_checked" where nobody has worked it out yet.
    """

    measure: str
    title: str
    score: float
    minimum: float = 0.0
    maximum: float = 100.0
    band: Band | None = None
    warnings: tuple[str, ...] = ()


class PersonScores(Reply, frozen=True):
    """A person's own scores from one response, newest first; the area and the wave are the response's."""

    framework_id: UUID
    framework_version: int
    response_id: UUID
    submitted_at: datetime
    scores: tuple[MeasureScore, ...]
    area: str | None = None
    wave: str = ""


class PersonScoresList(Reply, frozen=True):
    """The scores of the person's responses, newest first."""

    items: tuple[PersonScores, ...]


class MyScores(Message, frozen=True):
    """The caller's own scores; of one framework where it is given, and by an earlier version of it where that is."""

    framework_id: UUID | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    framework_version: int | None = None


class FiguresRequest(Message, frozen=True):
    """Published figures of a framework's live version.

    No `areas`: the whole council (area None) and every area. An attribute ("age_band") gives its categories in each
    area; none gives everybody together.
    """

    framework_id: UUID
    measures: tuple[str, ...] = ()
    areas: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    council: bool = True
    attribute: str | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 500
    after: str | None = None
    wave: str | None = None
    """The round of asking; the newest that figures are of unless given."""
    framework_version: int | None = None
    """A version that was replaced, as its figures stood then: for staff."""
    weighting: int | None = None
    """The weighting of the weighted figures; the newest unless given."""
    second_attribute: str | None = None
    """With `attribute`: one of the framework's pairs, and figures of the whole council by the categories of both."""


class Figure(Reply, frozen=True):
    """One published figure, or the word that it is held back.

    `n` people, their mean `score` (`minimum` to `maximum`: 0–100, or a scale's range); both None when `suppressed`,
    which also tells nothing of how many there are. A mean has no band: authors give bands for one person's score.
    `low` to `high` is its interval at `level`, by `method`: "t", or "all_the_same" where nobody differed; rounded
    outward to a thousandth of the range. `weighted` is the figure by a weighting, where there is one of the same people
    that may be seen. The warnings are those of the measure, see `ScaleReliability`.
    """

    framework_id: UUID
    framework_version: int
    measure: str
    title: str
    area: str | None
    attribute: str | None
    category: str | None
    suppressed: bool
    n: int | None
    score: float | None
    released_at: datetime
    minimum: float = 0.0
    maximum: float = 100.0
    wave: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    method: str | None = None
    weighted: WeightedScore | None = None
    warnings: tuple[str, ...] = ()
    second_attribute: str | None = None
    second_category: str | None = None


class FigureList(Reply, frozen=True):
    """Figures in the order of area, category and measure; `next` continues after the last one."""

    items: tuple[Figure, ...]
    next: str | None = None


create_framework = Method("scoring", "create_framework", CreateFramework, Framework, OFFICERS)
revise_framework = Method("scoring", "revise_framework", ReviseFramework, Framework, OFFICERS)
activate_framework = Method("scoring", "activate_framework", ById, Framework, OFFICERS)
derive_framework = Method("scoring", "derive_framework", DeriveFramework, Framework, OFFICERS)
follow_base = Method("scoring", "follow_base", FollowBase, Framework, OFFICERS)
diff_frameworks = Method("scoring", "diff_frameworks", DiffFrameworks, FrameworkDiff, OFFICERS)
framework_version = Method("scoring", "framework_version", VersionRef, Framework, PUBLIC)
frameworks = Method("scoring", "frameworks", ByIds, FrameworkList, PUBLIC)
list_frameworks = Method("scoring", "list_frameworks", PageRequest, FrameworkList, PUBLIC)
my_scores = Method("scoring", "my_scores", MyScores, PersonScoresList, EVERYONE)
figures = Method("scoring", "figures", FiguresRequest, FigureList, PUBLIC)
trend = Method("scoring", "trend", TrendRequest, FigureList, PUBLIC)
