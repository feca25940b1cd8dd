"""Responses of a community group: the link says which group it is, and nobody else can."""

from typing import Any

import msgspec
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Invalid
from schemas.groups import COMMUNITY_GROUP
from schemas.roles import Actor, Role
from schemas.rpc.base import ById
from schemas.rpc.surveys import (
    Attribute,
    CorrectResponse,
    CreateQuestionnaire,
    Item,
    MakeGroupLink,
    SaveAnswers,
    Section,
    SetWays,
    SubmitAssisted,
)
from services.chassis.tenancy import acting
from services.surveys import model
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import definition, submission
from tests.support.rows import told

pytestmark = pytest.mark.integration
NOBODY = Actor(None, (Role.ANONYMOUS,))
GROUPS = Attribute(COMMUNITY_GROUP, "Community group", {"choir": "Tuesday choir", "garden": "Garden club"})


def counting_groups() -> Any:
    before = definition()
    return msgspec.structs.replace(before, attributes=(*before.attributes, GROUPS))


def told_groups(provisioned: Provisioned, council: TestCouncil) -> list[dict[str, str]]:
    return [
        data["groups"]
        for kind, data in told(provisioned, "surveys", council.id)
        if kind == "surveys.response_submitted.v1"
    ]


def test_a_group_link_says_whose_responses_these_are_and_nobody_else_does(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor
) -> None:
    assert model.COMMUNITY_GROUP == COMMUNITY_GROUP
    with acting(council.id, officer):
        made = surveys.create_questionnaire(CreateQuestionnaire("with-groups", counting_groups()))
        surveys.publish_questionnaire(ById(made.id))
        surveys.set_ways(SetWays(made.id, ("open", "signed_in", "group_link", "assisted")))
        with pytest.raises(Invalid) as unknown:
            surveys.make_group_link(MakeGroupLink(made.id, "Tuesday choir"))
        link = surveys.make_group_link(MakeGroupLink(made.id, "choir"))
    assert [(p.path, p.message) for p in unknown.value.problems] == [
        (("belongs_to",), "Choose one of the groups that this questionnaire counts: choir, garden.")
    ]

    claimed = {"age_band": "16-39", COMMUNITY_GROUP: "garden"}
    with acting(council.id, NOBODY):
        for by in ({}, {"link": link.token}):
            with pytest.raises(Invalid) as claim:
                surveys.submit_response(submission(made.id, "key-00000001", groups=claimed, **by))
            assert [p.path for p in claim.value.problems] == [("groups", COMMUNITY_GROUP)]
        with pytest.raises(Invalid):
            surveys.save_answers(SaveAnswers(questionnaire_id=made.id, answers={}, groups=claimed))
        saved = surveys.save_answers(SaveAnswers(questionnaire_id=made.id, answers={"speak": 1}, link=link.token))
    assert told_groups(provisioned, council) == []

    with acting(council.id, NOBODY):
        surveys.submit_response(submission(made.id, "key-00000002"))
        surveys.submit_response(submission(made.id, "key-00000003", continuation=saved.code))
    with acting(council.id, officer):
        surveys.submit_assisted(SubmitAssisted(submission(made.id, "key-00000004", link=link.token)))
    with acting(council.id, resident):
        sent = surveys.submit_response(submission(made.id, "key-00000005", link=link.token, groups={}))
        # who puts answers right still came by the link, and cannot go over to another group
        with pytest.raises(Invalid):
            surveys.correct_response(CorrectResponse(sent.response_id, {"speak": 3}, groups=claimed))
        surveys.correct_response(CorrectResponse(sent.response_id, {"speak": 3}, groups={"gender": "female"}))
    choir = {COMMUNITY_GROUP: "choir"}
    assert told_groups(provisioned, council) == [
        {"age_band": "16-39"},
        {"age_band": "16-39"} | choir,
        {"age_band": "16-39"} | choir,
        choir,
        {"gender": "female"} | choir,
    ]


def test_a_link_to_a_group_that_a_later_version_does_not_count_gives_none(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Any
) -> None:
    with acting(council.id, officer):
        surveys.set_ways(SetWays(published.id, ("group_link",)))
        link = surveys.make_group_link(MakeGroupLink(published.id, "choir"))
    with acting(council.id, NOBODY):
        surveys.submit_response(submission(published.id, "key-00000001", link=link.token))
    assert told_groups(provisioned, council) == [{"age_band": "16-39"}]


def test_no_condition_looks_at_what_is_not_asked(surveys: Any, council: TestCouncil, officer: Actor) -> None:
    item = Item(code="sing", kind="text", text="What do you sing?", relevance=f"${{{COMMUNITY_GROUP}}} = 'choir'")
    before = counting_groups()
    asked = msgspec.structs.replace(before, sections=(*before.sections, Section("songs", "Songs", (item,))))
    with acting(council.id, officer), pytest.raises(Invalid) as refused:
        surveys.create_questionnaire(CreateQuestionnaire("with-songs", asked))
    assert [p.path[-1] for p in refused.value.problems] == ["relevance"]
