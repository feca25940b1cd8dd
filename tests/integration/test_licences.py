"""Instruments that need a licence stay blocked in both services until the council has recorded it."""

from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Invalid
from schemas.events.surveys import QuestionnairePublished, ScoredItem
from schemas.instruments import find
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import CreateFramework, Framework, MyScores, ReviseFramework, UseInstrument
from schemas.rpc.surveys import (
    CreateQuestionnaire,
    Definition,
    FromInstrument,
    Item,
    Licences,
    RecordLicence,
    ReviseQuestionnaire,
    Section,
)
from services.chassis.database import Database
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import definition
from tests.support.rows import connected, told
from tests.support.scoring import Scoring

pytestmark = pytest.mark.integration
QUESTIONS = tuple(f"feel_{n}" for n in range(1, 8))
MAPPING = {f"swemwbs_{n}": f"feel_{n}" for n in range(1, 8)}


def of_the_council(*instruments: str) -> Definition:
    """A questionnaire with seven questions in words of its own."""
    items = tuple(Item(code, "scale", f"Statement {code}", minimum=1, maximum=5) for code in QUESTIONS)
    return msgspec.structs.replace(
        definition(), sections=(Section("feelings", "Feelings", items),), instruments=instruments
    )


def test_publishing_waits_for_the_licence(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor
) -> None:
    with acting(council.id, officer):
        made = surveys.create_questionnaire(CreateQuestionnaire("feelings", of_the_council("swemwbs")))
        with pytest.raises(Invalid, match="licence") as raised:
            surveys.publish_questionnaire(ById(made.id))
        [problem] = raised.value.problems
        assert problem.path == ("instruments", "swemwbs")
        assert "University of Warwick" in problem.message
        assert "recordLicence" in problem.message
        assert told(provisioned, "surveys", council.id) == []
        assert surveys.licences(Licences()).items == ()
        first = surveys.record_licence(RecordLicence("swemwbs", "W-1"))
        assert (first.reference, first.recorded_by) == ("W-1", officer.person)
        surveys.record_licence(RecordLicence("swemwbs", "W-2"))
        [known] = surveys.licences(Licences()).items
        assert (known.instrument, known.reference) == ("swemwbs", "W-2")
        assert surveys.publish_questionnaire(ById(made.id)).status == "published"
    [(kind, said)] = told(provisioned, "surveys", council.id)
    assert (kind, said["instruments"]) == ("surveys.questionnaire_published.v1", ["swemwbs"])
    with (
        connected(provisioned, "surveys", council.id) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE licences SET reference = 'W-3'")


def test_another_council_s_licence_opens_nothing(
    surveys: Any, make_council: Callable[[], TestCouncil], officer: Actor
) -> None:
    ours, theirs = make_council(), make_council()
    with acting(theirs.id, officer):
        surveys.record_licence(RecordLicence("swemwbs", "W-1"))
    with acting(ours.id, officer):
        made = surveys.create_questionnaire(CreateQuestionnaire("feelings", of_the_council("swemwbs")))
        with pytest.raises(Invalid, match="licence"):
            surveys.publish_questionnaire(ById(made.id))
        assert surveys.licences(Licences()).items == ()


def test_instruments_that_are_not_there_or_need_nothing(surveys: Any, council: TestCouncil, officer: Actor) -> None:
    with acting(council.id, officer):
        with pytest.raises(Invalid, match="needs no licence"):
            surveys.record_licence(RecordLicence("ons4", "x"))
        with pytest.raises(Invalid, match="no such instrument") as raised:
            surveys.record_licence(RecordLicence("phq-9", "x"))
        assert raised.value.problems[0].path == ("instrument", "code")
        with pytest.raises(Invalid, match="no such instrument") as raised:
            surveys.create_questionnaire(CreateQuestionnaire("feelings", of_the_council("phq-9")))
        assert raised.value.problems[0].path == ("definition", "instruments", "code")
        made = surveys.create_questionnaire(CreateQuestionnaire("feelings", of_the_council("ons4")))
        with pytest.raises(Invalid, match="no such instrument"):
            surveys.revise_questionnaire(ReviseQuestionnaire(made.id, of_the_council("phq-9")))
        assert surveys.publish_questionnaire(ById(made.id)).status == "published"


def test_a_questionnaire_is_made_of_a_definition_or_of_an_instrument(
    surveys: Any, council: TestCouncil, officer: Actor
) -> None:
    use = FromInstrument("recovery-community", languages=("en",), area_level="ward")
    with acting(council.id, officer):
        for request in (
            CreateQuestionnaire("neither"),
            CreateQuestionnaire("both", of_the_council(), use),
        ):
            with pytest.raises(Invalid, match="or too much"):
                surveys.create_questionnaire(request)
        with pytest.raises(Invalid, match="no words for this instrument"):
            surveys.create_questionnaire(CreateQuestionnaire("mine", instrument=FromInstrument("barc-10")))


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def published(scoring: Scoring, version: int, *instruments: str) -> QuestionnairePublished:
    return QuestionnairePublished(
        questionnaire_id=scoring.questionnaire_id,
        slug="feelings",
        version=version,
        items=tuple(ScoredItem(code, 1, 5) for code in QUESTIONS),
        attributes={},
        release="live",
        instruments=instruments,
    )


def test_activation_waits_for_a_questionnaire_that_was_published_with_the_licence(
    scoring: Scoring, resident: Actor
) -> None:
    scoring.take(published(scoring, 1))
    use = UseInstrument("swemwbs", scoring.questionnaire_id, mapping=MAPPING)
    made: Framework = scoring.call("create_framework", CreateFramework("feelings", instrument=use))
    assert made.definition.title == find("swemwbs").title
    [scale] = made.definition.scales
    assert [i.code for i in scale.items] == list(QUESTIONS)
    with pytest.raises(Invalid, match="licence") as raised:
        scoring.call("activate_framework", ById(made.id))
    [problem] = raised.value.problems
    assert problem.path == ("scales", "swemwbs")
    assert "recordLicence" in problem.message
    scoring.take(published(scoring, 2, "swemwbs"))
    assert scoring.call("activate_framework", ById(made.id)).status == "live"
    scoring.take(scoring.submitted(dict.fromkeys(QUESTIONS, 4.0), person=resident.person))
    [mine] = scoring.call("my_scores", MyScores(made.id), resident).items
    [score] = mine.scores
    assert (score.measure, score.score, score.minimum, score.maximum) == ("swemwbs", 25.03, 7.0, 35.0)
    assert score.band is None


def test_what_does_not_fit_a_framework_is_named(scoring: Scoring) -> None:
    scoring.take(published(scoring, 1))
    with pytest.raises(Invalid, match="or too much"):
        scoring.call("create_framework", CreateFramework("nothing"))
    use = UseInstrument("swemwbs", scoring.questionnaire_id, mapping={**MAPPING, "swemwbs_7": "feel_8"})
    with pytest.raises(Invalid) as raised:
        scoring.call("create_framework", CreateFramework("feelings", instrument=use))
    assert [p.path for p in raised.value.problems] == [("scales", "swemwbs", "items", "feel_8")]
    use = UseInstrument("ucla-3", scoring.questionnaire_id, mapping={"left_out": "feel_1"})
    with pytest.raises(Invalid) as raised:
        scoring.call("create_framework", CreateFramework("company", instrument=use))
    assert [p.path[-1] for p in raised.value.problems] == ["companionship", "feel_1", "isolated"]
    assert "from 1 to 3, and the question gives 1 to 5" in raised.value.problems[1].message


def test_a_scale_by_hand_needs_an_instrument_that_is_there(scoring: Scoring) -> None:
    scoring.take(published(scoring, 1))
    use = UseInstrument("swemwbs", scoring.questionnaire_id, mapping=MAPPING)
    made: Framework = scoring.call("create_framework", CreateFramework("feelings", instrument=use))
    scale = msgspec.structs.replace(made.definition.scales[0], instrument_version=9)
    changed = msgspec.structs.replace(made.definition, scales=(scale,))
    with pytest.raises(Invalid, match="no such instrument"):
        scoring.call("revise_framework", ReviseFramework(made.id, changed))


def test_ons4_bands_reach_the_person_and_not_the_figures(scoring: Scoring, resident: Actor) -> None:
    codes = ("satisfied", "worthwhile", "happy", "anxious")
    scoring.take(
        msgspec.structs.replace(published(scoring, 1, "ons4"), items=tuple(ScoredItem(c, 0, 10) for c in codes))
    )
    use = UseInstrument("ons4", scoring.questionnaire_id)
    made: Framework = scoring.call("create_framework", CreateFramework("ons4", instrument=use))
    scoring.call("activate_framework", ById(made.id))
    answers = dict(zip(codes, (9.0, 7.0, 5.0, 6.0), strict=True))
    scoring.take(scoring.submitted(answers, person=resident.person), *(scoring.submitted(answers) for _ in range(11)))
    scoring.release(made.id)
    [mine] = scoring.call("my_scores", MyScores(made.id), resident).items
    assert [(s.measure, s.score, s.band.code if s.band else None) for s in mine.scores] == [
        ("ons_satisfied", 9.0, "very_high"),
        ("ons_worthwhile", 7.0, "high"),
        ("ons_happy", 5.0, "medium"),
        ("ons_anxious", 6.0, "high"),
    ]
    figures = scoring.figures(made.id)
    assert {measure: n_and_score for (area, _, measure), n_and_score in figures.items() if area is None} == {
        "ons_anxious": (12, 6.0),
        "ons_happy": (12, 5.0),
        "ons_satisfied": (12, 9.0),
        "ons_worthwhile": (12, 7.0),
    }
