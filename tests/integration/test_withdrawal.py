"""From surveys to the sums: what was taken back, or may not be scored, has left no trace in any figure."""

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from deploy.provision.run import Provisioned
from schemas.events import BY_NAME, EventData
from schemas.events.surveys import ResponseSubmitted
from schemas.roles import Actor, Role
from schemas.rpc.base import ById
from schemas.rpc.surveys import (
    ByCode,
    ChangeConsentByCode,
    Consent,
    CreateQuestionnaire,
    OpenWave,
    Questionnaire,
)
from services.chassis.database import Database
from services.chassis.tenancy import acting
from tests.integration.conftest import WARDS, TestCouncil
from tests.support.questionnaires import definition, submission
from tests.support.rows import connected, told
from tests.support.scoring import Scoring

pytestmark = pytest.mark.integration
NOBODY = Actor(None, (Role.ANONYMOUS,))
BOTH = Consent("1", ("service_improvement", "research"))


@pytest.fixture
def questionnaire(surveys: Any, council: TestCouncil, officer: Actor) -> Questionnaire:
    """Answers are scored for those who agree to research."""
    words = msgspec.structs.replace(definition().consent, scored_for="research")
    with acting(council.id, officer):
        draft = surveys.create_questionnaire(
            CreateQuestionnaire("taking-part", msgspec.structs.replace(definition(), consent=words))
        )
        found: Questionnaire = surveys.publish_questionnaire(ById(draft.id))
    return found


def events(provisioned: Provisioned, council: TestCouncil) -> list[EventData]:
    """Everything that surveys told, as it is read on the other side."""
    return [msgspec.convert(data, BY_NAME[kind].data) for kind, data in told(provisioned, "surveys", council.id)]


def sums(provisioned: Provisioned, council: TestCouncil, framework_id: UUID) -> list[tuple[Any, ...]]:
    """Every sum that is not nought."""
    with connected(provisioned, "scoring", council.id) as connection:
        return connection.execute(
            "SELECT wave, measure, area, attribute, category, n, total, squares FROM cells "
            "WHERE framework_id = %s AND (n, total, squares) <> (0, 0, 0) ORDER BY 1, 2, 3, 4, 5",
            (framework_id,),
        ).fetchall()


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_the_responses_that_count_whatever_came_in_between(
    surveys: Any,
    open_database: Callable[[str], Database],
    provisioned: Provisioned,
    council: TestCouncil,
    other_council: TestCouncil,
    officer: Actor,
    questionnaire: Questionnaire,
    seed: int,
) -> None:
    chance = random.Random(seed)
    counting: dict[UUID, bool] = {}
    for wave in ("spring", "autumn"):
        with acting(council.id, officer):
            surveys.open_wave(OpenWave(questionnaire.id, wave, wave))
        with acting(council.id, NOBODY):
            for number in range(12):
                agreed = chance.random() < 0.7
                receipt = surveys.submit_response(
                    submission(
                        questionnaire.id,
                        f"key-{wave}-{number:04}",
                        answers={"speak": chance.randint(0, 10), "alone": chance.randint(1, 5)},
                        area=chance.choice(WARDS),
                        groups={"age_band": chance.choice(("16-39", "65+"))},
                        consent=BOTH if agreed else Consent("1", ("service_improvement",)),
                    )
                )
                counting[receipt.response_id] = agreed
                fate = chance.random()
                if fate < 0.3:
                    surveys.withdraw_by_code(ByCode(receipt.withdrawal_code))
                    counting[receipt.response_id] = False
                elif fate < 0.6:
                    change = {"refuse": ("research",)} if agreed else {"agree": ("research",)}
                    surveys.change_consent_by_code(ChangeConsentByCode(receipt.withdrawal_code, "1", **change))
                    counting[receipt.response_id] = not agreed

    heard = events(provisioned, council)
    published, rest = heard[:1], heard[1:]
    scoring = Scoring(open_database("scoring"), council.id, officer)
    scoring.questionnaire_id = questionnaire.id
    scoring.take(*published)
    framework_id = scoring.live_framework()
    envelopes = [scoring.event(data) for data in rest]
    shuffled = [*envelopes, *chance.sample(envelopes, 10)]
    chance.shuffle(shuffled)
    while shuffled:
        size = chance.randint(1, 9)
        scoring.take_events(shuffled[:size])
        shuffled = shuffled[size:]

    # another council that was only ever told of what counts in the end, each in one piece
    final = {data.response_id: data for data in rest if isinstance(data, ResponseSubmitted)}
    plain = Scoring(open_database("scoring"), other_council.id, officer)
    plain.questionnaire_id = questionnaire.id
    plain.take(*published)
    plain_framework = plain.live_framework()
    plain.take(*(data for id_, data in final.items() if counting[id_]))
    found = sums(provisioned, council, framework_id)
    assert found == sums(provisioned, other_council, plain_framework)
    assert {row[0] for row in found} == {"spring", "autumn"}
    assert sum(row[5] for row in found if row[1] == "index" and not row[3]) == sum(counting.values())
    with connected(provisioned, "scoring", council.id) as connection:
        kept = connection.execute('SELECT response_id, "values" FROM responses WHERE "values" <> \'{}\'').fetchall()
    assert {id_ for id_, _ in kept} == {id_ for id_, counts in counting.items() if counts}
