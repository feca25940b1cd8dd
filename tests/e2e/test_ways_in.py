"""From a code on the wall to a response that is taken back, as clients do it; tokens and codes are in no log."""

import pytest

from schemas.roles import Role
from tests.support.asking import Asker, response, survey
from tests.support.system import Council, StartedSystem

pytestmark = pytest.mark.e2e
ERROR = "... on MutationError { message } ... on InvalidError { problems { path message } }"
SET_WAYS = f"""mutation($i: SetWaysInput!) {{ setWays(input: $i) {{ __typename {ERROR}
  ... on QuestionnairePayload {{ questionnaire {{ ways wave }} }} }} }}"""
GROUP_LINK = f"""mutation($i: MakeGroupLinkInput!) {{ makeGroupLink(input: $i) {{ __typename {ERROR}
  ... on LinkPayload {{ link {{ id token works belongsTo cap
    qrCode(page: "https://answers.example.org/") {{ address svg png text }} }} }} }} }}"""
FOLLOW = f"""mutation($i: FollowLinkInput!) {{ followLink(input: $i) {{ __typename {ERROR}
  ... on FollowedLinkPayload {{ kind questionnaire {{ id }} }} }} }}"""
SAVE = f"""mutation($i: SaveAnswersInput!) {{ saveAnswers(input: $i) {{ __typename {ERROR}
  ... on SavedAnswersPayload {{ saved {{ code save }} }} }} }}"""
CONTINUE = f"""mutation($i: CodeInput!) {{ continueAnswers(input: $i) {{ __typename {ERROR}
  ... on SavedAnswersPayload {{ saved {{ save answers {{ item number }} questionnaire {{ id }} }} }} }} }}"""
SUBMIT = f"""mutation($i: SubmitResponseInput!) {{ submitResponse(input: $i) {{ __typename {ERROR}
  ... on ResponsePayload {{ receipt {{ replaced withdrawalCode }} }} }} }}"""
CONSENT = f"""mutation($i: ChangeConsentByCodeInput!) {{ changeConsentByCode(input: $i) {{ __typename {ERROR}
  ... on ConsentPayload {{ consent {{ purposes history {{ kind purposes }} }} }} }} }}"""
WITHDRAW = f"""mutation($i: CodeInput!) {{ withdrawByCode(input: $i) {{ __typename {ERROR}
  ... on ResponsePayload {{ receipt {{ responseVersion }} }} }} }}"""
PAPER = f"""mutation($i: SubmitPaperResponseInput!) {{ submitPaperResponse(input: $i) {{ __typename {ERROR}
  ... on ResponsePayload {{ receipt {{ repeated withdrawalCode }} }} }} }}"""
PERSONAL = f"""mutation($i: MakePersonalLinksInput!) {{ makePersonalLinks(input: $i) {{ __typename {ERROR}
  ... on PersonalLinksPayload {{ links {{ id participant token }} }} }} }}"""


async def test_from_a_code_on_the_wall_to_a_response_that_is_taken_back(
    system: StartedSystem, council: Council
) -> None:
    questionnaire, _ = await survey(system, council)
    officer, nobody, elsewhere = Asker(system, council, Role.OFFICER), Asker(system, council), Asker(system, council)
    given = {"questionnaireId": questionnaire, "ways": ["GROUP_LINK", "PERSONAL_LINK", "PAPER"]}
    ways = (await officer.get(SET_WAYS, i=given))["setWays"]["questionnaire"]
    assert (sorted(ways["ways"]), ways["wave"]) == (["GROUP_LINK", "PAPER", "PERSONAL_LINK"], "")
    made = await officer.get(GROUP_LINK, i={"questionnaireId": questionnaire, "belongsTo": "Tuesday choir", "cap": 1})
    link = made["makeGroupLink"]["link"]
    token, code = link["token"], link["qrCode"]
    assert code["address"] == f"https://answers.example.org/#link={token}"
    assert code["text"] == f"A QR code for Tuesday choir. It leads to {code['address']}"
    assert code["svg"].startswith("<svg")

    followed = (await nobody.get(FOLLOW, i={"token": token}))["followLink"]
    assert (followed["kind"], followed["questionnaire"]["id"]) == ("GROUP", questionnaire)
    half = {"questionnaireId": questionnaire, "answers": [{"item": "speak", "number": 7}], "link": token}
    saved = (await nobody.get(SAVE, i=half))["saveAnswers"]["saved"]
    found = (await elsewhere.get(CONTINUE, i={"code": saved["code"].lower()}))["continueAnswers"]["saved"]
    assert found == {"save": 1, "answers": [{"item": "speak", "number": 7.0}], "questionnaire": {"id": questionnaire}}
    shut = (await nobody.get(SUBMIT, i=response(questionnaire, council)))["submitResponse"]
    assert shut["message"] == "sign in, or use the link that you were given, to answer this"
    sent = response(questionnaire, council, continuation=saved["code"])
    receipt = (await elsewhere.get(SUBMIT, i=sent))["submitResponse"]["receipt"]
    assert receipt["replaced"] is False
    full = (await nobody.get(FOLLOW, i={"token": token}))["followLink"]
    wrong = (await nobody.get(FOLLOW, i={"token": "no-such-token"}))["followLink"]
    assert full == wrong
    assert full["__typename"] == "NotFoundError"

    state = (await nobody.get(CONSENT, i={"code": receipt["withdrawalCode"]}))["changeConsentByCode"]["consent"]
    assert state == {"purposes": ["scores"], "history": [{"kind": "GIVEN", "purposes": ["scores"]}]}
    gone = (await nobody.get(WITHDRAW, i={"code": receipt["withdrawalCode"]}))["withdrawByCode"]
    assert gone["receipt"] == {"responseVersion": 2}

    [personal] = (await officer.get(PERSONAL, i={"questionnaireId": questionnaire}))["makePersonalLinks"]["links"]
    by_link = (await nobody.get(SUBMIT, i=response(questionnaire, council, link=personal["token"])))["submitResponse"]
    again = (await nobody.get(SUBMIT, i=response(questionnaire, council, link=personal["token"])))["submitResponse"]
    assert (by_link["__typename"], again["__typename"]) == ("ResponsePayload", "NotFoundError")
    form = {"response": response(questionnaire, council), "formNumber": "A 17"}
    first = (await officer.get(PAPER, i=form))["submitPaperResponse"]["receipt"]
    second = (await officer.get(PAPER, i=form))["submitPaperResponse"]["receipt"]
    assert (first["repeated"], second["repeated"]) == (False, True)

    secrets = [token, saved["code"], receipt["withdrawalCode"], personal["token"], first["withdrawalCode"]]
    logs = [one.running.log.read_text() for one in (system.gateway, *system.services.values())]
    assert all(logs)
    assert [secret for secret in secrets for log in logs if secret in log or secret.replace("-", "") in log] == []
