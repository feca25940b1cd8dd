"""Furnishes a council: something of everything, made through the gateway as its people would."""

from typing import Any
from uuid import UUID

import httpx

from deploy.operate.tenants import Area, Tenants
from gateway.pages import cursor_of
from schemas.ids import new_id
from schemas.roles import Role
from schemas.rpc import surveys
from tests.support.asking import DEFINITION, response
from tests.support.house import House, Things, Voice, inner, until
from tests.support.system import StartedSystem

FIGURES_NEED = 14
"""With one before them: the tenth may come when nine are hidden, and then five more must."""
INBOX = "{ inbox { edges { node { id } } } }"
STORY = "CaseStudyPayload { caseStudy { id } }"
ENTRY = "DirectoryEntryPayload { entry { id } }"
QUESTIONNAIRE = "QuestionnairePayload { questionnaire { id } }"
FRAMEWORK = "FrameworkPayload { framework { id } }"
FIGURES = "query($f: ID!) { figures(frameworkId: $f) { edges { node { suppressed } } } }"


def framework_of(questionnaire: str, title: str = "Capacity") -> dict[str, Any]:
    """A framework for the questionnaire of `tests.support.asking`."""
    indicator = {"code": "voice", "title": "Voice", "items": [{"code": "speak"}, {"code": "help"}]}
    domain = {"code": "skills", "title": "Skills", "indicators": [indicator]}
    return {"title": title, "questionnaireId": questionnaire, "domains": [domain]}


class Furnishing:
    """Makes a council's things, one family after the other."""

    def __init__(self, system: StartedSystem, http: httpx.Client, first_area: int, anna: UUID, officer: UUID) -> None:
        self.mark = f"w{new_id().hex}"
        areas = (Area(f"E0590{first_area + i:04}", f"Ward {self.mark}", "ward") for i in range(2))
        self.council = council = system.council(areas=areas)
        self.system, self.http = system, http
        # the same people live in every council: their pseudonym must open nothing in another one
        self.anna = Voice(system, http, council, (Role.RESIDENT,), anna)
        self.officer = Voice(system, http, council, (Role.OFFICER,), officer)
        self.admin = Voice(system, http, council, (Role.ADMIN,))
        self.nobody = Voice(system, http, council)
        self.found: dict[str, str] = {"word": self.mark, "area": council.areas[0]}

    def house(self) -> House:
        """The council with everything in it."""
        self._follows()
        self._questionnaires()
        self._frameworks()
        self._responses()
        self._ways()
        self._people()
        self._stories()
        self._entries()
        self._import()
        message = until(lambda: self.anna.get(INBOX)["inbox"]["edges"])[0]["node"]["id"]
        things = Things(**self.found, message=message, cursor=cursor_of(inner(self.found["questionnaire"])))
        return House(
            self.system,
            self.council,
            self.anna,
            self.officer,
            self.admin,
            self.nobody,
            things,
            (self.mark, self.council.slug),
        )

    def _follows(self) -> None:
        self.found["tag"], self.found["theme"] = f"tag-{self.mark}", f"theme-{self.mark}"
        follow = "FollowPayload { following { id } }"
        self.anna.do("follow", "FollowInput", follow, subject="SURVEY")
        self.anna.do("setEmail", "SetEmailInput", "SetEmailPayload { __typename }", email=f"{self.mark}@example.org")
        done = self.anna.do("follow", "FollowInput", follow, subject="TAG", key=self.found["tag"])
        self.found["following"] = done["following"]["id"]

    def _questionnaire(self, slug: str, published: bool) -> str:
        given = {"slug": slug, "definition": {**DEFINITION, "title": f"Taking part {self.mark}"}}
        made = self.officer.do("createQuestionnaire", "CreateQuestionnaireInput", QUESTIONNAIRE, **given)
        found: str = made["questionnaire"]["id"]
        if published:
            self.officer.do("publishQuestionnaire", "QuestionnaireIdInput", QUESTIONNAIRE, id=found)
        return found

    def _questionnaires(self) -> None:
        licence = {"instrument": "swemwbs", "reference": f"Licence {self.mark}"}
        self.officer.do("recordLicence", "RecordLicenceInput", "LicencePayload { __typename }", **licence)
        self.found["slug"] = f"open-{self.mark}"
        self.found["questionnaire"] = self._questionnaire(self.found["slug"], published=True)
        self.found["draft"] = self._questionnaire(f"draft-{self.mark}", published=False)
        self.found["to_revise"] = self._questionnaire(f"revise-{self.mark}", published=False)
        self.found["to_close"] = self._questionnaire(f"close-{self.mark}", published=True)
        self.found["second"] = self._questionnaire(f"second-{self.mark}", published=True)
        self.found["third"] = self._questionnaire(f"third-{self.mark}", published=True)

    def _frameworks(self) -> None:
        create = f"mutation($i: CreateFrameworkInput!) {{ createFramework(input: $i) {{ ... on {FRAMEWORK} }} }}"

        def made(slug: str, of: str = "questionnaire") -> str:
            definition = framework_of(self.found[of], f"Framework {slug}")
            # the scoring service hears of the questionnaire by the bus
            heard = until(
                lambda: self.officer.get(create, i={"slug": slug, "definition": definition})["createFramework"]
            )
            return str(heard["framework"]["id"])

        self.found["framework_slug"] = f"capacity-{self.mark}"
        self.found["framework"] = made(self.found["framework_slug"])
        self.officer.do("activateFramework", "ActivateFrameworkInput", FRAMEWORK, id=self.found["framework"])
        [done] = self.officer.get("{ runs { edges { node { id } } } }")["runs"]["edges"]
        self.found["run"] = done["node"]["id"]
        self.officer.do(
            "importAreaIndicator",
            "ImportAreaIndicatorInput",
            "AreaIndicatorPayload { indicator { version } }",
            code=f"claims-{self.mark}",
            title=f"Claims {self.mark}",
            source="Us",
            values=[{"area": self.found["area"], "value": 4.5, "year": 2024}],
        )
        self.found["private"] = self._private(made(f"private-{self.mark}", "third"))
        self.found["framework_draft"] = made(f"later-{self.mark}")

    def _private(self, framework: str) -> str:
        self.officer.do("activateFramework", "ActivateFrameworkInput", FRAMEWORK, id=framework)
        budget = "PrivacyBudgetPayload { __typename }"
        self.admin.do("setPrivacyBudget", "SetPrivacyBudgetInput", budget, frameworkId=framework, total=10)
        self.officer.do("setPrivateFigures", "SetPrivateFiguresInput", budget, frameworkId=framework, on=True)
        payload, given = "PrivateReleasePayload { __typename }", {"epsilon": 1, "level": "ward"}
        self.officer.do("releasePrivateFigures", "ReleasePrivateFiguresInput", payload, frameworkId=framework, **given)
        return framework

    def answer(self, who: Voice, to: str = "questionnaire", **more: Any) -> str:
        """Somebody's answers to an open questionnaire."""
        return str(self._receipt(who, to, **more)["responseId"])

    def _receipt(self, who: Voice, to: str, **more: Any) -> dict[str, Any]:
        given = response(self.found[to], self.council, **more)
        payload = "ResponsePayload { receipt { responseId withdrawalCode } }"
        receipt: dict[str, Any] = who.do("submitResponse", "SubmitResponseInput", payload, **given)["receipt"]
        return receipt

    def _responses(self) -> None:
        self.found["idempotency_key"] = f"key-{self.mark}"
        self.found["response"] = self.answer(self.anna, idempotencyKey=self.found["idempotency_key"])
        self.found["to_correct"] = self.answer(self.anna, "second")
        self.found["to_withdraw"] = self.answer(self.anna, "third")
        for _ in range(FIGURES_NEED):
            # figures count people for whom somebody answers: these have signed in
            self.answer(Voice(self.system, self.http, self.council, (Role.RESIDENT,)))
        framework = self.found["framework"]
        until(
            lambda: [e for e in self.anna.get(FIGURES, f=framework)["figures"]["edges"] if not e["node"]["suppressed"]]
        )
        councils = Tenants(self.system.provisioned.owner_url("platform"))
        councils.import_margins(self.council.slug, [(area, {}, 1_000.0) for area in self.council.areas])
        for kind in ("reliability", "weights"):
            self.officer.do("startRun", "StartRunInput", "RunPayload { run { id } }", kind=kind, frameworkId=framework)

    def _ways(self) -> None:
        # in the second questionnaire: what a wave or a switched way does must not reach the tests of the first one
        second = self.found["second"]
        given = {"code": "spring", "title": f"Spring {self.mark}"}
        wave = "WavePayload { wave { id } }"
        done = self.officer.do("openWave", "OpenWaveInput", wave, questionnaireId=self.found["to_close"], **given)
        self.found["wave"] = done["wave"]["id"]
        group = "LinkPayload { link { id token } }"
        for name in ("link", "to_revoke"):
            given = {"questionnaireId": second, "belongsTo": f"Choir {self.mark}"}
            made = self.officer.do("makeGroupLink", "MakeGroupLinkInput", group, **given)["link"]
            self.found[name] = made["id"]
            self.found.setdefault("link_token", made["token"])
        personal = "PersonalLinksPayload { links { participant } }"
        made = self.officer.do("makePersonalLinks", "MakePersonalLinksInput", personal, questionnaireId=second)
        self.found["participant"] = made["links"][0]["participant"]
        saved = "SavedAnswersPayload { saved { code } }"
        for name in ("saved_code", "saved_to_forget"):
            answers = [{"item": "speak", "number": 3}]
            done = self.nobody.do("saveAnswers", "SaveAnswersInput", saved, questionnaireId=second, answers=answers)
            self.found[name] = done["saved"]["code"]
        for name in ("receipt_code", "code_to_withdraw"):
            self.found[name] = self._receipt(self.nobody, "second")["withdrawalCode"]
        gone = self._receipt(self.nobody, "second")["withdrawalCode"]
        # its consent has a history: given, and taken back
        self.nobody.do("withdrawByCode", "CodeInput", "ResponsePayload { __typename }", code=gone)

    def _people(self) -> None:
        quota = {"code": "here", "label": f"Here {self.mark}", "target": 500, "area": self.found["area"]}
        given = {"questionnaireId": self.found["questionnaire"], "quotas": [quota]}
        self.officer.do("setQuotas", "SetQuotasInput", "QuotasPayload { __typename }", **given)

    def _story(self, *steps: str) -> str:
        given = {
            "title": f"Story {self.mark}",
            "narrative": f"What happened {self.mark}",
            "consent": {"version": "1", "purposes": ["PUBLICATION"]},
            "area": self.found["area"],
            "themes": [self.found["theme"]],
        }
        found: str = self.anna.do("writeCaseStudy", "WriteCaseStudyInput", STORY, **given)["caseStudy"]["id"]
        if "submit" in steps:
            self.anna.do("submitCaseStudy", "CaseStudyIdInput", STORY, id=found)
        if "publish" in steps:
            self.officer.do("publishCaseStudy", "CaseStudyIdInput", STORY, id=found)
        return found

    def _stories(self) -> None:
        self.found["story"] = self._story("submit", "publish")
        self.found["story_draft"], self.found["story_to_edit"] = self._story(), self._story()
        self.found["story_in_review"], self.found["story_to_return"] = self._story("submit"), self._story("submit")
        self.found["story_to_withdraw"] = self._story("submit", "publish")

    def _entry(self, *, published: bool) -> str:
        given = {
            "kind": "ORGANISATION",
            "name": f"Garden {self.mark}",
            "description": f"We dig {self.mark}",
            "area": self.found["area"],
            "tags": [self.found["tag"]],
        }
        found: str = self.anna.do("createDirectoryEntry", "CreateDirectoryEntryInput", ENTRY, **given)["entry"]["id"]
        if published:
            self.anna.do("publishDirectoryEntry", "DirectoryEntryIdInput", ENTRY, id=found)
        return found

    def _entries(self) -> None:
        self.found["entry"] = self._entry(published=True)
        self.found["entry_draft"] = self._entry(published=False)
        self.found["entry_to_update"] = self._entry(published=True)
        self.found["entry_to_withdraw"] = self._entry(published=True)

    def _import(self) -> None:
        import_id = new_id()
        consent = surveys.Consent("1", ("scores",))
        row = surveys.ImportRow(1, {"speak": 7, "help": "yes"}, self.found["area"])
        request = surveys.ImportResponses(import_id, inner(self.found["questionnaire"]), consent, (row,), 1)
        with self.system.calls() as calls:
            assert calls.call(surveys.import_responses, request, self.council.id).accepted == 1
        self.found["import_id"] = str(import_id)


def furnished(system: StartedSystem, http: httpx.Client) -> tuple[House, House]:
    """Two councils with the same people. What the second has is the older: a page of its lists is full either way."""
    anna, officer = new_id(), new_id()
    stranger = Furnishing(system, http, 10, anna, officer).house()
    return Furnishing(system, http, 20, anna, officer).house(), stranger
