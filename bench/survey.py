"""The questionnaire and the framework that are measured with, and made-up responses to them.

A response moves four running sums: two measures (a domain and the index), each for everybody in the area and for the
age band in the area. The bare loops move the same four.
"""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from deploy.local.process import wait_until
from deploy.operate.calls import Calls
from deploy.operate.tenants import Area
from schemas.errors import Invalid, NotFound
from schemas.rpc import scoring, surveys
from schemas.rpc.base import ById
from tests.support.system import Council, StartedSystem

AREAS = tuple(Area(f"E0500{number:04}", f"Ward {number}", "ward") for number in range(12))
AGES = {"16-39": "16 to 39", "40-64": "40 to 64", "65+": "65 and over"}
ITEMS = ("speak", "join", "help", "vote")
TOP = 10
"""The highest answer; the lowest is 0."""
CONSENT = surveys.Consent(version="1", purposes=("service_improvement",))
DEFINITION = surveys.Definition(
    title="Taking part",
    sections=(
        surveys.Section(
            code="skills",
            title="Skills",
            items=tuple(
                surveys.Item(code=code, kind="scale", text=f"How well can you {code}?", minimum=0, maximum=TOP)
                for code in ITEMS
            ),
        ),
    ),
    consent=surveys.ConsentText(
        version="1",
        text="We use your answers to make services better.",
        purposes={"service_improvement": "Make services better"},
        required=("service_improvement",),
    ),
    attributes=(surveys.Attribute("age_band", "Age", AGES),),
    area_level="ward",
)


@dataclass(frozen=True)
class Answers:
    """One made-up response."""

    area: str
    age: str
    values: dict[str, int]


def made_up(count: int, seed: int = 1) -> list[Answers]:
    """Responses spread over areas and age bands; the same for the same seed."""
    chance, ages = Random(seed), tuple(AGES)
    return [
        Answers(chance.choice(AREAS).code, chance.choice(ages), {item: chance.randint(0, TOP) for item in ITEMS})
        for _ in range(count)
    ]


@dataclass(frozen=True)
class Survey:
    """A council that asks, with its live framework."""

    council: Council
    questionnaire: UUID
    framework: UUID


def opened(system: StartedSystem, calls: Calls) -> Survey:
    """A new council with its areas, a published questionnaire and a live framework."""
    council = system.council(areas=AREAS)
    drafted = calls.call(
        surveys.create_questionnaire, surveys.CreateQuestionnaire(council.slug, DEFINITION), council.id
    )
    calls.call(surveys.publish_questionnaire, ById(drafted.id), council.id)
    request = scoring.CreateFramework(council.slug, _framework(drafted.id))
    made: list[UUID] = []

    def heard_of() -> bool:
        # the news that the questionnaire is published has a way to go to the scoring service
        try:
            made.append(calls.call(scoring.create_framework, request, council.id).id)
        except (NotFound, Invalid):
            return False
        return True

    if not wait_until(heard_of, 30, pause=0.02):
        raise TimeoutError("the scoring service never heard of the questionnaire")
    calls.call(scoring.activate_framework, ById(made[0]), council.id)
    return Survey(council, drafted.id, made[0])


def _framework(questionnaire: UUID) -> scoring.FrameworkDefinition:
    items = tuple(scoring.FrameworkItem(code) for code in ITEMS)
    indicator = scoring.Indicator(code="voice", title="Voice", items=items)
    domain = scoring.Domain(code="voice", title="Voice", indicators=(indicator,))
    return scoring.FrameworkDefinition(title="Capacity", questionnaire_id=questionnaire, domains=(domain,))
