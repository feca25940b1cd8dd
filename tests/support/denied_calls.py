"""One request for every remote call, about things of a council, and calls with headers of one's own making."""

import contextlib
import re
import socket
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import amqp
import msgspec

from deploy.operate.calls import DEADLINE, Calls
from schemas.roles import Actor, Role
from schemas.rpc import Method, case_studies, directory, notifications, scoring, surveys
from schemas.rpc.base import ById, ByIds, Message, PageRequest
from schemas.topology import RPC_EXCHANGE
from tests.support.house import Things, inner
from tests.support.questionnaires import definition, framework

Request = Callable[[Things], Message]
CONSENT = surveys.Consent("1", ("scores",))
STORY: dict[str, Any] = {"title": "Mine", "narrative": "Now mine", "consent": case_studies.Consent("1", ())}
ABOUT: dict[str, Any] = {"name": "Mine", "description": "Now mine"}


def _by_id(thing: str) -> Request:
    return lambda t: ById(inner(getattr(t, thing)))


def _by_ids(*things: str) -> Request:
    return lambda t: ByIds(tuple(inner(getattr(t, thing)) for thing in things))


def _page(t: Things) -> PageRequest:
    return PageRequest(first=50, after=inner(t.questionnaire))


def _submission(t: Things) -> surveys.SubmitResponse:
    return surveys.SubmitResponse(inner(t.questionnaire), t.idempotency_key, {"speak": 3}, CONSENT)


def _submissions(t: Things) -> surveys.SubmitResponses:
    return surveys.SubmitResponses((surveys.Submission(Actor(None, (Role.ADMIN,)), _submission(t)),))


def _import(t: Things) -> surveys.ImportResponses:
    row = surveys.ImportRow(2, {"speak": 3})
    return surveys.ImportResponses(UUID(t.import_id), inner(t.questionnaire), CONSENT, (row,), 2)


def _form(t: Things) -> surveys.ImportQuestionnaire:
    return surveys.ImportQuestionnaire(t.slug, "csv", b"survey\n,type,name,label\n,text,q,Q\n", revise=True)


REQUESTS: Mapping[str, tuple[Request, str]] = {
    "surveys.create_questionnaire": (lambda t: surveys.CreateQuestionnaire(t.slug, definition()), "ok"),
    "surveys.revise_questionnaire": (
        lambda t: surveys.ReviseQuestionnaire(inner(t.to_revise), definition()),
        "NotFound",
    ),
    "surveys.import_questionnaire": (_form, "NotFound"),
    "surveys.export_responses": (lambda t: surveys.ExportResponses(inner(t.questionnaire), "scores"), "NotFound"),
    "surveys.export_questionnaire": (lambda t: surveys.ExportQuestionnaire(inner(t.questionnaire)), "NotFound"),
    "surveys.publish_questionnaire": (_by_id("draft"), "NotFound"),
    "surveys.close_questionnaire": (_by_id("to_close"), "NotFound"),
    "surveys.questionnaires": (_by_ids("questionnaire", "draft"), "ok"),
    "surveys.questionnaire_by_slug": (lambda t: surveys.BySlug(t.slug), "NotFound"),
    "surveys.list_questionnaires": (lambda t: surveys.ListQuestionnaires(50, inner(t.questionnaire)), "ok"),
    "surveys.record_licence": (lambda t: surveys.RecordLicence("swemwbs", "Mine"), "ok"),
    "surveys.licences": (lambda t: surveys.Licences(), "ok"),
    "surveys.submit_response": (_submission, "NotFound"),
    "surveys.submit_responses": (_submissions, "ok"),
    "surveys.correct_response": (lambda t: surveys.CorrectResponse(inner(t.to_correct), {"speak": 3}), "NotFound"),
    "surveys.withdraw_response": (_by_id("to_withdraw"), "NotFound"),
    "surveys.my_responses": (_page, "ok"),
    "surveys.set_quotas": (
        lambda t: surveys.SetQuotas(inner(t.questionnaire), (surveys.Quota("here", "Here", 50, t.area),)),
        "NotFound",
    ),
    "surveys.quotas": (_by_id("questionnaire"), "NotFound"),
    "surveys.representation": (
        lambda t: surveys.AskRepresentation(inner(t.questionnaire), by_area=True),
        "NotFound",
    ),
    "surveys.set_ways": (lambda t: surveys.SetWays(inner(t.questionnaire), ("paper",)), "NotFound"),
    "surveys.open_wave": (lambda t: surveys.OpenWave(inner(t.questionnaire), "spring", "Spring"), "NotFound"),
    "surveys.close_wave": (lambda t: surveys.CloseWave(inner(t.to_close)), "NotFound"),
    "surveys.list_waves": (lambda t: surveys.ListWaves(50, questionnaire_id=inner(t.to_close)), "ok"),
    "surveys.make_personal_links": (
        lambda t: surveys.MakePersonalLinks(inner(t.second), participants=(inner(t.participant),)),
        "NotFound",
    ),
    "surveys.make_group_link": (lambda t: surveys.MakeGroupLink(inner(t.second), "Choir"), "NotFound"),
    "surveys.list_links": (lambda t: surveys.ListLinks(50, inner(t.link), questionnaire_id=inner(t.second)), "ok"),
    "surveys.revoke_link": (_by_id("to_revoke"), "NotFound"),
    "surveys.follow_link": (lambda t: surveys.FollowLink(t.link_token), "NotFound"),
    "surveys.submit_assisted": (lambda t: surveys.SubmitAssisted(_submission(t)), "NotFound"),
    "surveys.submit_paper": (lambda t: surveys.SubmitPaper(_submission(t), "A 1"), "NotFound"),
    "surveys.save_answers": (
        lambda t: surveys.SaveAnswers(inner(t.second), {"speak": 4}, link=t.link_token, code=t.saved_code, save=1),
        "NotFound",
    ),
    "surveys.continue_answers": (lambda t: surveys.ByCode(t.saved_code), "NotFound"),
    "surveys.forget_answers": (lambda t: surveys.ByCode(t.saved_to_forget), "NotFound"),
    "surveys.change_consent": (lambda t: surveys.ChangeConsent(inner(t.response)), "NotFound"),
    "surveys.change_consent_by_code": (lambda t: surveys.ChangeConsentByCode(t.receipt_code), "NotFound"),
    "surveys.withdraw_by_code": (lambda t: surveys.ByCode(t.code_to_withdraw), "NotFound"),
    "surveys.import_responses": (_import, "NotFound"),
    "surveys.import_progress": (lambda t: ById(UUID(t.import_id)), "ok"),
    "case_studies.write": (lambda t: case_studies.WriteCaseStudy(**STORY, area=t.area), "Invalid"),
    "case_studies.edit": (lambda t: case_studies.EditCaseStudy(id=inner(t.story_to_edit), **STORY), "NotFound"),
    "case_studies.submit": (_by_id("story_draft"), "NotFound"),
    "case_studies.publish": (_by_id("story_in_review"), "NotFound"),
    "case_studies.send_back": (lambda t: case_studies.ReturnCaseStudy(inner(t.story_to_return), "No"), "NotFound"),
    "case_studies.withdraw": (_by_id("story_to_withdraw"), "NotFound"),
    "case_studies.case_studies": (_by_ids("story", "story_draft", "story_in_review"), "ok"),
    "case_studies.list_case_studies": (lambda t: case_studies.ListCaseStudies(theme=t.theme), "ok"),
    "scoring.create_framework": (
        lambda t: scoring.CreateFramework(t.framework_slug, framework(inner(t.questionnaire))),
        "Invalid",
    ),
    "scoring.revise_framework": (
        lambda t: scoring.ReviseFramework(inner(t.framework), framework(inner(t.questionnaire))),
        "NotFound",
    ),
    "scoring.activate_framework": (_by_id("framework_draft"), "NotFound"),
    "scoring.derive_framework": (
        lambda t: scoring.DeriveFramework(t.framework_slug, scoring.VersionRef(inner(t.framework))),
        "NotFound",
    ),
    "scoring.follow_base": (lambda t: scoring.FollowBase(inner(t.framework)), "NotFound"),
    "scoring.diff_frameworks": (lambda t: scoring.DiffFrameworks(scoring.VersionRef(inner(t.framework))), "NotFound"),
    "scoring.framework_version": (lambda t: scoring.VersionRef(inner(t.framework)), "NotFound"),
    "scoring.import_area_indicator": (
        lambda t: scoring.ImportAreaIndicator("claims", "Claims", "Us", (scoring.AreaValue(2, t.area, 3, 2024),)),
        "Invalid",
    ),
    "scoring.list_area_indicators": (lambda t: scoring.ListAreaIndicators(), "ok"),
    "scoring.area_scores": (lambda t: scoring.AreaScoresRequest(inner(t.framework)), "NotFound"),
    "scoring.start_run": (lambda t: scoring.StartRun("framework", inner(t.framework)), "NotFound"),
    "scoring.cancel_run": (_by_id("run"), "NotFound"),
    "scoring.runs": (_by_ids("run"), "ok"),
    "scoring.list_runs": (lambda t: scoring.ListRuns(inner(t.framework)), "ok"),
    "scoring.frameworks": (_by_ids("framework", "framework_draft"), "ok"),
    "scoring.list_frameworks": (_page, "ok"),
    "scoring.my_scores": (lambda t: scoring.MyScores(inner(t.framework)), "ok"),
    "scoring.weightings": (lambda t: scoring.ListWeightings(inner(t.framework)), "NotFound"),
    "scoring.set_private_figures": (lambda t: scoring.SetPrivateFigures(inner(t.private), True), "NotFound"),
    "scoring.set_privacy_budget": (lambda t: scoring.SetPrivacyBudget(inner(t.private), 5), "NotFound"),
    "scoring.privacy_budget": (lambda t: scoring.PrivacyBudgetRequest(inner(t.private)), "NotFound"),
    "scoring.release_private_figures": (lambda t: scoring.ReleasePrivateFigures(inner(t.private), 0.25), "NotFound"),
    "scoring.private_releases": (lambda t: scoring.ListPrivateReleases(inner(t.private)), "NotFound"),
    "scoring.needs": (lambda t: scoring.NeedsRequest(inner(t.framework)), "NotFound"),
    "scoring.reliability": (lambda t: scoring.ReliabilityRequest(inner(t.framework)), "NotFound"),
    "scoring.my_change": (lambda t: scoring.MyChange(inner(t.framework)), "NotFound"),
    "scoring.cell_change": (
        lambda t: scoring.CellChangeRequest(inner(t.framework), "", "spring", areas=(t.area,)),
        "NotFound",
    ),
    "scoring.figures": (lambda t: scoring.FiguresRequest(inner(t.framework), areas=(t.area,)), "NotFound"),
    "scoring.trend": (lambda t: scoring.TrendRequest(inner(t.framework), area=t.area), "NotFound"),
    "directory.create_entry": (
        lambda t: directory.CreateEntry(kind="organisation", area=t.area, **ABOUT),
        "Invalid",
    ),
    "directory.update_entry": (lambda t: directory.UpdateEntry(id=inner(t.entry_to_update), **ABOUT), "NotFound"),
    "directory.publish_entry": (_by_id("entry_draft"), "NotFound"),
    "directory.withdraw_entry": (_by_id("entry_to_withdraw"), "NotFound"),
    "directory.entries": (_by_ids("entry", "entry_draft"), "ok"),
    "directory.my_entries": (_page, "ok"),
    "directory.search": (lambda t: directory.SearchDirectory(text=t.word, tags=(t.tag,)), "ok"),
    "directory.suggest": (lambda t: directory.SuggestEntries(((t.tag,),), t.area), "ok"),
    "notifications.follow": (lambda t: notifications.Follow("area", t.area), "Invalid"),
    "notifications.unfollow": (_by_id("following"), "NotFound"),
    "notifications.following": (_page, "ok"),
    "notifications.inbox": (_page, "ok"),
    "notifications.mark_read": (lambda t: notifications.MarkRead((inner(t.message),)), "ok"),
    "notifications.set_email": (lambda t: notifications.SetEmail("anna@example.org"), "ok"),
    "notifications.preferences": (lambda t: notifications.Nothing(), "ok"),
}
"""Each call's request, and what a stranger hears: an error of the closed set, or "ok" for a list without the things."""
LEAVES_SOMETHING = ("surveys.create_questionnaire", "surveys.record_licence", "notifications.set_email")
"""What a stranger may do in their own council all the same, whatever its things are called elsewhere."""

ECHOES = ("surveys.import_progress",)
"""What says the id that was asked for again."""


class RawCalls(Calls):
    """Calls as whoever has the broker's password might make them, with any headers at all."""

    def ask(self, method: Method[Any, Any], request: Message, headers: Mapping[str, str]) -> bytes:
        """The body of the reply as it came."""
        connection, call = self._connected(), uuid4().hex
        message = amqp.Message(
            msgspec.json.encode({"args": (request,), "kwargs": {}}),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call,
            reply_to=self._reply_to,
            expiration=str(int(DEADLINE * 1000)),
            application_headers=dict(headers),
        )
        self._channel.basic_publish(message, exchange=RPC_EXCHANGE, routing_key=method.routing_key, mandatory=True)
        while call not in self._replies:
            with contextlib.suppress(socket.timeout):
                connection.drain_events(timeout=DEADLINE)
        return self._replies.pop(call)


def outcome(body: bytes) -> str:
    """The kind of the error in a reply, or "ok"."""
    error = msgspec.json.decode(body)["error"]
    return "ok" if error is None else str(error["exc_type"])


def masked(body: bytes) -> str:
    """A reply without the ids, times and short names that are new each time."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", body.decode())
    text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "<time>", text)
    return re.sub(r'"slug": ?"[^"]*"', '"slug":"<slug>"', text)
