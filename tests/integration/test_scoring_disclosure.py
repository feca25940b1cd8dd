"""Disclosure control on a real database: attacks on figures as they are published."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from deploy.provision.run import Provisioned
from schemas.errors import Invalid
from schemas.events.surveys import QuestionnaireClosed
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import CreateFramework, FiguresRequest, ReviseFramework
from services.chassis.database import Database
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import framework
from tests.support.rows import told
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
OTHER_WARD = "E05002170"


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def test_a_crowd_of_answers_that_nobody_vouches_for_brings_nothing_out(scoring: Scoring) -> None:
    """Somebody sends made-up answers of known content, to take them away from a figure that real ones are in."""
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(scoring.submitted({"speak": 3}), *(scoring.submitted({"speak": 10}, vouched=False) for _ in range(30)))
    scoring.release(framework_id)
    assert scoring.figures(framework_id) == {}
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(9)))
    scoring.release(framework_id)
    n, score = scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"]
    assert (n, score) == (40, pytest.approx((30 + 9 * 50 + 30 * 100) / 40, abs=1e-9))
    scoring.take(scoring.submitted({"speak": 0}), *(scoring.submitted({"speak": 10}, vouched=False) for _ in range(9)))
    scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"][0] == 40


def test_a_person_counts_once_however_often_they_answer(scoring: Scoring, resident: Actor) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, person=resident.person) for _ in range(4)))
    for _ in range(8):
        scoring.take(scoring.submitted({"speak": 5}, person=resident.person))
    scoring.release(framework_id)
    assert scoring.figures(framework_id) == {}
    scoring.take(*(scoring.submitted({"speak": 5}, person=new_id()) for _ in range(9)))
    scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"][0] == 21


def test_a_council_may_let_open_answers_count_when_figures_come_out_once(scoring: Scoring) -> None:
    scoring.take(replace(scoring.published("on_close"), open_counts=True))
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, vouched=False) for _ in range(12)))
    scoring.take(QuestionnaireClosed(questionnaire_id=scoring.questionnaire_id, version=1))
    scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"] == (12, 50.0)


def test_index_and_domains_together_do_not_tell_who_left_a_domain_out(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5, "alone": 2}) for _ in range(12)), scoring.submitted({"speak": 9}))
    scoring.release(framework_id)
    found = {measure: figure for (area, _, measure), figure in scoring.figures(framework_id).items() if area == WARD}
    assert found["voice"] == (13, pytest.approx((12 * 50 + 90) / 13, abs=1e-9))
    assert found["ties"] == (12, 75.0)
    # of the domains' figures: the mean of people's own would have been (12 * (2 * 50 + 75) / 3 + 90) / 13
    assert found["index"] == (12, pytest.approx((2 * (12 * 50 + 90) / 13 + 75) / 3, abs=1e-9))


def test_a_new_version_of_a_framework_goes_on_with_the_steps_of_the_old_one(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, area=a) for a in (WARD, OTHER_WARD) for _ in range(12)))
    scoring.release(framework_id)
    # two more in one ward: released now, they would be the difference between the versions
    scoring.take(*(scoring.submitted({"speak": 9}) for _ in range(2)))
    scoring.call("revise_framework", ReviseFramework(framework_id, framework(scoring.questionnaire_id)))
    scoring.call("activate_framework", ById(framework_id))
    assert scoring.figures(framework_id, measures=("voice",)) == {
        (None, None, "voice"): (12, 50.0),
        (OTHER_WARD, None, "voice"): (12, 50.0),
    }
    scoring.take(*(scoring.submitted({"speak": 9}) for _ in range(3)))
    scoring.release(framework_id, version=2)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"][0] == 17


def test_a_second_framework_goes_on_with_the_steps_of_the_first(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    first = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(12)))
    scoring.release(first)
    scoring.take(scoring.submitted({"speak": 9}))
    second = scoring.live_framework("another")
    scoring.release(second)
    assert scoring.figures(second) == {}
    scoring.take(*(scoring.submitted({"speak": 9}) for _ in range(4)))
    scoring.release(first)
    scoring.release(second)
    assert scoring.figures(second) == scoring.figures(first)
    assert scoring.figures(second, measures=("voice",))[WARD, None, "voice"][0] == 17


def test_a_release_is_asked_for_only_when_an_area_has_a_full_step(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    scoring.live_framework()
    asked = []
    for _ in range(6):
        scoring.take(scoring.submitted({"speak": 5}))
        asked.append(
            [kind for kind, _ in told(provisioned, "scoring", council.id)].count("scoring.release_requested.v1")
        )
    assert asked == [0, 0, 0, 0, 1, 1]


def test_a_pair_of_attributes_is_compared_for_the_whole_council_where_the_framework_says_so(scoring: Scoring) -> None:
    attributes = {"gender": ("female", "male"), "age": ("young", "old")}
    scoring.take(replace(scoring.published(), attributes=attributes))
    asked = replace(framework(scoring.questionnaire_id), pairs=(("age", "gender"),))
    framework_id = scoring.call("create_framework", CreateFramework("pairs", asked)).id
    scoring.call("activate_framework", ById(framework_id))
    scoring.take(
        *(
            scoring.submitted({"speak": speak}, groups={"age": age, "gender": gender})
            for age, gender, speak in (
                ("young", "female", 2),
                ("young", "male", 4),
                ("old", "female", 6),
                ("old", "male", 8),
            )
            for _ in range(12)
        )
    )
    scoring.release(framework_id)
    request = FiguresRequest(framework_id, ("voice",), attribute="gender", second_attribute="age")
    found = scoring.call("figures", request).items
    assert {(f.area, f.category, f.second_category): (f.n, f.score) for f in found} == {
        (None, "female", "young"): (12, 20.0),
        (None, "male", "young"): (12, 40.0),
        (None, "female", "old"): (12, 60.0),
        (None, "male", "old"): (12, 80.0),
    }
    with pytest.raises(Invalid, match="these two are not compared"):
        scoring.call("figures", replace(request, second_attribute="gender"))


def test_a_pair_in_which_few_are_hides_enough_of_its_table(scoring: Scoring) -> None:
    attributes = {"gender": ("female", "male"), "age": ("young", "middle", "old")}
    scoring.take(replace(scoring.published(), attributes=attributes))
    asked = replace(framework(scoring.questionnaire_id), pairs=(("age", "gender"),))
    framework_id = scoring.call("create_framework", CreateFramework("pairs", asked)).id
    scoring.call("activate_framework", ById(framework_id))
    counts = {
        ("young", "female"): 20,
        ("young", "male"): 3,
        ("middle", "female"): 14,
        ("middle", "male"): 15,
        ("old", "female"): 16,
        ("old", "male"): 17,
    }
    scoring.take(
        *(
            scoring.submitted({"speak": 5}, groups={"age": age, "gender": gender})
            for (age, gender), people in counts.items()
            for _ in range(people)
        )
    )
    scoring.release(framework_id)
    request = FiguresRequest(framework_id, ("voice",), attribute="age", second_attribute="gender")
    found = {(f.category, f.second_category): f.n for f in scoring.call("figures", request).items}
    assert found == {
        ("young", "female"): None,
        ("young", "male"): None,
        ("middle", "female"): None,
        ("middle", "male"): None,
        ("old", "female"): 16,
        ("old", "male"): 17,
    }


def test_a_pair_must_be_of_two_attributes_that_are_asked_for(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    asked = replace(framework(scoring.questionnaire_id), pairs=(("gender", "shoe"), ("gender", "gender")))
    with pytest.raises(Invalid) as refused:
        scoring.call("create_framework", CreateFramework("pairs", asked))
    assert [problem.path for problem in refused.value.problems] == [("pairs", "0"), ("pairs", "1")]
