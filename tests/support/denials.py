"""One call or more for every root query and mutation, about things of a council: what a stranger might send."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.asking import DEFINITION
from tests.support.house import House, Things
from tests.support.housing import framework_of

Variables = Callable[[Things], dict[str, Any]]


@dataclass(frozen=True)
class Ask:
    """A document, and how a council's things come into it."""

    root: str
    field: str
    document: str
    variables: Variables
    who: str = "anna"
    """Whose call it is in the council that has the things."""
    theirs: Callable[[House], str] | None = None
    """Something that the owner sees in the answer, and nobody else may."""
    stranger: str = "NotFoundError"
    """What a mutation answers to a stranger."""
    owner: str = ""
    """What a mutation answers to the owner."""
    fresh: bool = False
    """Whether it leaves something behind in the stranger's own council: each such call gets a council to itself."""

    @property
    def name(self) -> str:
        return f"{self.root}.{self.field}"


def _query(document: str, variables: Variables, theirs: Callable[[House], str], who: str = "anna") -> Ask:
    field = document.partition("{")[2].strip().partition("{")[0].partition("(")[0].strip()
    return Ask("Query", field, document, variables, who, theirs)


def _list(field: str, shown: str, theirs: Callable[[House], str], who: str = "anna", given: str = "") -> Ask:
    page = f"edges {{ cursor node {{ {shown} }} }} pageInfo {{ hasNextPage endCursor }}"
    document = f"query($c: String) {{ {field}(first: 50, after: $c{given}) {{ {page} }} }}"
    return Ask("Query", field, document, lambda t: {"c": t.cursor}, who, theirs)


def _mutation(field: str, payload: str, given: Variables, who: str = "anna", kind: str = "", **more: Any) -> Ask:
    document = (
        f"mutation($i: {kind or field[0].upper() + field[1:]}Input!) {{ {field}(input: $i) {{ __typename "
        "... on MutationError { message } ... on InvalidError { problems { path message } } "
        f"... on {payload} }} }}"
    )
    more.setdefault("owner", payload.partition(" ")[0])
    return Ask("Mutation", field, document, lambda t: {"i": given(t)}, who, **more)


QUESTIONNAIRE = "QuestionnairePayload { questionnaire { version status } }"
FRAMEWORK = "FrameworkPayload { framework { version status } }"
BUDGET = "PrivacyBudgetPayload { budget { total on } }"
RESPONSE = "ResponsePayload { receipt { responseVersion repeated } }"
SAVED = "SavedAnswersPayload { saved { save questionnaire { slug } } }"
LINK = "LinkPayload { link { works belongsTo } }"
STORY = "CaseStudyPayload { caseStudy { status } }"
ENTRY = "DirectoryEntryPayload { entry { status } }"
FORM = b64encode(b"survey\n,type,name,label\n,text,q,Q\n").decode()
ANSWERS = {"answers": [{"item": "speak", "number": 3}]}
WORDS = {"title": "Mine", "narrative": "Now mine", "consent": {"version": "1", "purposes": ["PUBLICATION"]}}
ABOUT = {"name": "Mine", "description": "Now mine"}


def _mark(house: House) -> str:
    return house.things.word


def _submission(t: Things) -> dict[str, Any]:
    return {
        "questionnaireId": t.questionnaire,
        "idempotencyKey": t.never().idempotency_key,
        **ANSWERS,
        "consent": {"version": "1", "purposes": ["scores"]},
    }


def _by_hand(t: Things) -> dict[str, Any]:
    return {"response": _submission(t)}


def _saved(t: Things) -> dict[str, Any]:
    return {"questionnaireId": t.second, **ANSWERS}


ENTRIES = "{ edges { node { id name area tags } } pageInfo { hasNextPage endCursor } }"
STORIES = "{ edges { node { id title narrative area themes } } pageInfo { hasNextPage } }"
QUERIES: tuple[Ask, ...] = (
    _query(
        "query($i: ID!) { node(id: $i) { id __typename } }",
        lambda t: {"i": t.questionnaire},
        lambda h: h.things.questionnaire,
    ),
    _query("{ council { slug name areaCode areas { code name parent } } }", lambda t: {}, lambda h: h.council.slug),
    _query("{ me { person roles groups council { slug areas { code } } } }", lambda t: {}, lambda h: h.council.slug),
    _list("questionnaires", "id slug status responseCount definition { title }", _mark),
    _list("questionnaires", "id slug", lambda h: h.things.draft, "officer", ", status: DRAFT"),
    _query(
        "query($s: String!) { questionnaire(slug: $s) { id slug } }",
        lambda t: {"s": t.slug},
        lambda h: h.things.questionnaire,
    ),
    _query('{ instruments(code: "swemwbs") { code recorded { reference } } }', lambda t: {}, _mark, "officer"),
    _query(
        "query($q: ID!) { waves(questionnaireId: $q) { edges { node { id code title } } pageInfo { hasNextPage } } }",
        lambda t: {"q": t.to_close},
        lambda h: h.things.wave,
    ),
    _query(
        "query($q: ID!, $c: String) { links(questionnaireId: $q, after: $c) "
        "{ edges { node { id token belongsTo participant } } pageInfo { hasNextPage endCursor } } }",
        lambda t: {"q": t.second, "c": t.cursor},
        lambda h: h.things.link,
        "officer",
    ),
    _query(
        "query($q: ID!) { quotas(questionnaireId: $q) { label area responses } }",
        lambda t: {"q": t.questionnaire},
        _mark,
        "officer",
    ),
    _query(
        "query($q: ID!) { representation(questionnaireId: $q, byArea: true) "
        "{ questionnaireId lines { area responses } } }",
        lambda t: {"q": t.questionnaire},
        lambda h: h.things.questionnaire,
        "officer",
    ),
    _query(
        'query($q: ID!) { responseRows(questionnaireId: $q, purpose: "scores") { questionnaireId rows { area } } }',
        lambda t: {"q": t.questionnaire},
        lambda h: h.things.area,
        "officer",
    ),
    _query(
        "query($q: ID!) { questionnaireFile(id: $q) { name } }",
        lambda t: {"q": t.questionnaire},
        lambda h: h.things.slug,
        "officer",
    ),
    _list("myResponses", "id area questionnaire { id }", lambda h: h.things.response),
    _list("frameworks", "id slug title questionnaire { id }", lambda h: h.things.framework),
    _query(
        "query($f: ID!, $a: [String!]) "
        "{ figures(frameworkId: $f, areas: $a) { edges { node { frameworkId area n score } } } }",
        lambda t: {"f": t.framework, "a": [t.area]},
        lambda h: h.things.area,
    ),
    _query(
        "query($f: ID) { myScores(frameworkId: $f) { responseId frameworkId framework { slug } scores { score } } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.response,
    ),
    _query(
        "query($f: ID!) { myChange(frameworkId: $f) { frameworkId before measures { measure verdict } } "
        "myScores { frameworkId } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.framework,
    ),
    _query(
        "query($f: ID!) { myPicture(frameworkId: $f) { frameworkId area picture "
        "rows { score around { n score } links { id name } } } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.framework,
    ),
    _query(
        "query($f: ID!, $a: [String!]) "
        '{ cellChange(frameworkId: $f, areas: $a, before: "", wave: "") { edges { node { area title suppressed } } } }',
        lambda t: {"f": t.framework, "a": [t.area]},
        lambda h: h.things.area,
    ),
    _query("{ myScores { responseId frameworkId framework { slug } } }", lambda t: {}, lambda h: h.things.response),
    _query(
        "query($f: ID!) { frameworkVersion(framework: {frameworkId: $f}) { id slug title } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.framework,
    ),
    _query(
        "query($a: ID!, $b: ID!) { frameworkDiff(after: {frameworkId: $a}, before: {frameworkId: $b}) { words } }",
        lambda t: {"a": t.framework_draft, "b": t.framework},
        _mark,
        "officer",
    ),
    _list("areaIndicators", "code title source", _mark),
    _query(
        "query($f: ID!) { areaScores(frameworkId: $f) { edges { node { frameworkId area score } } } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.area,
    ),
    _query(
        "query($r: ID!) { run(id: $r) { id status done } }", lambda t: {"r": t.run}, lambda h: h.things.run, "officer"
    ),
    _query(
        "query($f: ID!) { weightings(frameworkId: $f) { frameworkId weighting } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.framework,
        "officer",
    ),
    _query(
        "query($f: ID!) { privacyBudget(frameworkId: $f) { frameworkId total } }",
        lambda t: {"f": t.private},
        lambda h: h.things.private,
        "officer",
    ),
    _query(
        "query($f: ID!) { privateReleases(frameworkId: $f) { frameworkId number figures { area n } } }",
        lambda t: {"f": t.private},
        lambda h: h.things.private,
    ),
    _query(
        'query($f: ID!) { overview(frameworkId: $f, attribute: "age_band") { areas { items { area name score } } '
        "groups { items { n } } trend { figures { frameworkId } } reliability { frameworkId } } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.area,
        "officer",
    ),
    _query(
        "query($f: ID!, $a: String) { trend(frameworkId: $f, area: $a) { figures { frameworkId area score } } }",
        lambda t: {"f": t.framework, "a": t.area},
        lambda h: h.things.area,
    ),
    _query(
        "query($f: ID!) { needs(frameworkId: $f) { frameworkId title items { area name score } } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.area,
        "officer",
    ),
    _query(
        "query($f: ID!) { reliability(frameworkId: $f) { frameworkId scale } }",
        lambda t: {"f": t.framework},
        lambda h: h.things.framework,
        "officer",
    ),
    _list("runs", "id frameworkId status", lambda h: h.things.run, "officer"),
    _query("query($w: String) { directory(text: $w) " + ENTRIES + " }", lambda t: {"w": t.word}, _mark),
    _query("query($t: [String!]) { directory(tags: $t) " + ENTRIES + " }", lambda t: {"t": [t.tag]}, _mark),
    _query("query($a: String) { directory(area: $a) " + ENTRIES + " }", lambda t: {"a": t.area}, _mark),
    _query(
        "query($s: [[String!]!]!, $a: String) { directorySuggestions(subjects: $s, area: $a) "
        "{ entries { id name description tags } } }",
        lambda t: {"s": [[t.tag]], "a": t.area},
        _mark,
    ),
    _query("{ directory " + ENTRIES + " }", lambda t: {}, _mark),
    _list("myDirectoryEntries", "id name status", lambda h: h.things.entry_draft),
    _query("query($t: String) { caseStudies(theme: $t) " + STORIES + " }", lambda t: {"t": t.theme}, _mark),
    _query("query($a: String) { caseStudies(area: $a) " + STORIES + " }", lambda t: {"a": t.area}, _mark),
    _list("caseStudies", "id title", lambda h: h.things.story_draft, given=", scope: OWN"),
    _list("caseStudies", "id title", lambda h: h.things.story_in_review, "officer", ", scope: REVIEW"),
    _list("inbox", "id about key kind", lambda h: h.things.message),
    _list("following", "id subject key", lambda h: h.things.following),
    _query("{ preferences { email } }", lambda t: {}, _mark),
)
MUTATIONS: tuple[Ask, ...] = (
    _mutation(
        "createQuestionnaire",
        QUESTIONNAIRE,
        lambda t: {"slug": t.slug, "definition": DEFINITION},
        "officer",
        stranger="QuestionnairePayload",
        owner="InvalidError",
        fresh=True,
    ),
    _mutation("reviseQuestionnaire", QUESTIONNAIRE, lambda t: {"id": t.to_revise, "definition": DEFINITION}, "officer"),
    _mutation(
        "importQuestionnaire",
        "ImportQuestionnairePayload { questionnaire { version status } notes { row } }",
        lambda t: {"slug": t.slug, "kind": "CSV", "base64": FORM, "revise": True},
        "officer",
    ),
    _mutation("publishQuestionnaire", QUESTIONNAIRE, lambda t: {"id": t.draft}, "officer", "QuestionnaireId"),
    _mutation(
        "recordLicence",
        "LicencePayload { licence { reference } }",
        lambda t: {"instrument": "swemwbs", "reference": "Mine"},
        "officer",
        stranger="LicencePayload",
        fresh=True,
    ),
    _mutation("submitResponse", RESPONSE, _submission),
    _mutation("correctResponse", RESPONSE, lambda t: {"responseId": t.to_correct, **ANSWERS}),
    _mutation("withdrawResponse", RESPONSE, lambda t: {"responseId": t.to_withdraw}),
    _mutation("changeConsent", "ConsentPayload { consent { purposes } }", lambda t: {"responseId": t.response}),
    _mutation("changeConsentByCode", "ConsentPayload { consent { purposes } }", lambda t: {"code": t.receipt_code}),
    _mutation("withdrawByCode", RESPONSE, lambda t: {"code": t.code_to_withdraw}, kind="Code"),
    _mutation("saveAnswers", SAVED, lambda t: {**_saved(t), "code": t.saved_code, "save": 1}),
    _mutation("saveAnswers", SAVED, lambda t: {**_saved(t), "link": t.link_token}),
    _mutation("continueAnswers", SAVED, lambda t: {"code": t.saved_code}, kind="Code"),
    _mutation(
        "forgetAnswers", "ForgottenPayload { questionnaireId }", lambda t: {"code": t.saved_to_forget}, kind="Code"
    ),
    _mutation("followLink", "FollowedLinkPayload { kind questionnaire { slug } }", lambda t: {"token": t.link_token}),
    _mutation("revokeLink", LINK, lambda t: {"id": t.to_revoke}, "officer"),
    _mutation("makeGroupLink", LINK, lambda t: {"questionnaireId": t.second, "belongsTo": "Mine"}, "officer"),
    _mutation(
        "makePersonalLinks",
        "PersonalLinksPayload { links { participant } }",
        lambda t: {"questionnaireId": t.second, "participants": [t.participant]},
        "officer",
    ),
    _mutation(
        "openWave",
        "WavePayload { wave { code } }",
        lambda t: {"questionnaireId": t.to_close, "code": "autumn", "title": "Autumn"},
        "officer",
    ),
    _mutation("closeWave", "WavePayload { wave { code } }", lambda t: {"questionnaireId": t.to_close}, "officer"),
    _mutation(
        "setWays",
        QUESTIONNAIRE,
        lambda t: {"questionnaireId": t.to_close, "ways": ["OPEN", "ASSISTED", "PAPER"]},
        "officer",
    ),
    _mutation(
        "setQuotas",
        "QuotasPayload { quotas { label } }",
        lambda t: {"questionnaireId": t.second, "quotas": [{"code": "a", "label": "A", "target": 9, "area": t.area}]},
        "officer",
    ),
    _mutation("submitAssistedResponse", RESPONSE, _by_hand, "officer", owner="ConflictError"),
    _mutation(
        "submitPaperResponse",
        RESPONSE,
        lambda t: {**_by_hand(t), "formNumber": "A 1"},
        "officer",
        owner="ConflictError",
    ),
    _mutation("closeQuestionnaire", QUESTIONNAIRE, lambda t: {"id": t.to_close}, "officer", "QuestionnaireId"),
    _mutation(
        "createFramework",
        FRAMEWORK,
        lambda t: {"slug": t.never().framework_slug, "definition": framework_of(t.questionnaire)},
        "officer",
        stranger="InvalidError",
    ),
    _mutation(
        "deriveFramework",
        FRAMEWORK,
        lambda t: {"slug": t.never().framework_slug, "framework": {"frameworkId": t.framework}},
        "officer",
    ),
    _mutation("followBase", FRAMEWORK, lambda t: {"id": t.framework}, "officer", owner="ConflictError"),
    _mutation(
        "importAreaIndicator",
        "AreaIndicatorPayload { indicator { version } }",
        lambda t: {
            "code": "claims",
            "title": "Claims",
            "source": "Us",
            "values": [{"area": t.area, "value": 3, "year": 2024}],
        },
        "officer",
        stranger="InvalidError",
    ),
    _mutation(
        "startRun",
        "RunPayload { run { status } }",
        lambda t: {"kind": "framework", "frameworkId": t.framework},
        "officer",
        owner="ConflictError",
    ),
    _mutation(
        "reviseFramework",
        FRAMEWORK,
        lambda t: {"id": t.framework, "definition": framework_of(t.questionnaire)},
        "officer",
    ),
    _mutation("activateFramework", FRAMEWORK, lambda t: {"id": t.framework_draft}, "officer"),
    _mutation("setPrivateFigures", BUDGET, lambda t: {"frameworkId": t.private, "on": True}, "officer"),
    _mutation("setPrivacyBudget", BUDGET, lambda t: {"frameworkId": t.private, "total": 5}, "admin"),
    _mutation(
        "releasePrivateFigures",
        "PrivateReleasePayload { release { number } }",
        lambda t: {"frameworkId": t.private, "epsilon": 0.25},
        "officer",
    ),
    _mutation("cancelRun", "RunPayload { run { status } }", lambda t: {"id": t.run}, "officer", owner="ConflictError"),
    _mutation(
        "createDirectoryEntry",
        ENTRY,
        lambda t: {"kind": "ORGANISATION", "area": t.area, **ABOUT},
        stranger="InvalidError",
    ),
    _mutation("updateDirectoryEntry", ENTRY, lambda t: {"id": t.entry_to_update, **ABOUT}),
    _mutation("publishDirectoryEntry", ENTRY, lambda t: {"id": t.entry_draft}, kind="DirectoryEntryId"),
    _mutation("withdrawDirectoryEntry", ENTRY, lambda t: {"id": t.entry_to_withdraw}, kind="DirectoryEntryId"),
    _mutation("writeCaseStudy", STORY, lambda t: {"area": t.area, **WORDS}, stranger="InvalidError"),
    _mutation("editCaseStudy", STORY, lambda t: {"id": t.story_to_edit, **WORDS}),
    _mutation("submitCaseStudy", STORY, lambda t: {"id": t.story_draft}, kind="CaseStudyId"),
    _mutation("publishCaseStudy", STORY, lambda t: {"id": t.story_in_review}, "officer", "CaseStudyId"),
    _mutation("sendBackCaseStudy", STORY, lambda t: {"id": t.story_to_return, "reason": "No"}, "officer"),
    _mutation("withdrawCaseStudy", STORY, lambda t: {"id": t.story_to_withdraw}, kind="CaseStudyId"),
    _mutation(
        "follow",
        "FollowPayload { following { subject email } }",
        lambda t: {"subject": "SURVEY", "key": t.questionnaire},
        stranger="FollowPayload",
        fresh=True,
    ),
    _mutation(
        "follow",
        "FollowPayload { following { key } }",
        lambda t: {"subject": "AREA", "key": t.area},
        stranger="InvalidError",
    ),
    _mutation("unfollow", "UnfollowPayload { id }", lambda t: {"id": t.following}),
    _mutation("markRead", "MarkReadPayload { unread }", lambda t: {"ids": [t.message]}, stranger="MarkReadPayload"),
    _mutation(
        "setEmail",
        "SetEmailPayload { preferences { email } }",
        lambda t: {"email": "anna@example.org"},
        stranger="SetEmailPayload",
        fresh=True,
    ),
)
ASKS = (*QUERIES, *MUTATIONS)
NODES: tuple[tuple[str, str], ...] = (
    ("Questionnaire", "questionnaire"),
    ("Questionnaire", "draft"),
    ("Framework", "framework"),
    ("Framework", "framework_draft"),
    ("DirectoryEntry", "entry"),
    ("DirectoryEntry", "entry_draft"),
    ("CaseStudy", "story"),
    ("CaseStudy", "story_draft"),
    ("CaseStudy", "story_in_review"),
)
"""Things of every type that `node` gives, public ones and those that are not."""
