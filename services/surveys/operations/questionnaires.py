"""Writing, publishing, closing and reading questionnaires."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from schemas import instruments
from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.events.surveys import QuestionnaireClosed, QuestionnairePublished, ScoredItem
from schemas.ids import new_id, now
from schemas.roles import STAFF
from schemas.rpc.base import ById, ByIds
from schemas.rpc.surveys import (
    UNWRITTEN,
    BySlug,
    CreateQuestionnaire,
    Definition,
    ListQuestionnaires,
    Questionnaire,
    QuestionnaireList,
    ReviseQuestionnaire,
    wording,
)
from services.chassis import tenancy
from services.chassis.councils import minimum_count
from services.chassis.counts import published_count
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.operations.forms import refuse
from services.surveys.operations.licences import refuse_unlicensed
from services.surveys.operations.programs import logic_of


def create_questionnaire(database: Database, request: CreateQuestionnaire) -> Questionnaire:
    """Raises Invalid for a definition that breaks a rule, or a slug that is taken."""
    definition = _checked(_wanted(request))
    with database.unit_of_work() as work:
        questionnaire = store.Questionnaire(
            tenant_id=work.tenant, id=new_id(), slug=request.slug, created_at=now(), ways=list(model.USUAL), wave=""
        )
        work.session.add(questionnaire)
        try:
            work.session.flush()
        except IntegrityError:
            raise Invalid(
                "the short name is taken", [Problem(("slug",), "Another questionnaire has it; choose a new one.")]
            ) from None
        version = store.Version(
            tenant_id=work.tenant,
            questionnaire_id=questionnaire.id,
            version=1,
            status="draft",
            definition=definition,
        )
        work.session.add(version)
        return _reply(questionnaire, version)


def revise_questionnaire(database: Database, request: ReviseQuestionnaire) -> Questionnaire:
    """Raises NotFound and Invalid."""
    definition = _checked(request.definition)
    with database.unit_of_work() as work:
        newest = _locked(work, request.id)
        if newest.status == "draft":
            newest.definition = definition
        else:
            newest = store.Version(
                tenant_id=work.tenant,
                questionnaire_id=request.id,
                version=newest.version + 1,
                status="draft",
                definition=definition,
            )
            work.session.add(newest)
        return _reply(_questionnaire(work, request.id), newest)


def publish_questionnaire(database: Database, request: ById) -> Questionnaire:
    """Open the draft for answers, close the version before it.

    Raises NotFound, Conflict where there is no draft, Invalid where words are missing in one of its languages, or an
    instrument's licence is not on record.
    """
    with database.unit_of_work() as work:
        newest = _locked(work, request.id)
        if newest.status != "draft":
            raise Conflict(f"version {newest.version} is {newest.status}; revise it first to publish a new version")
        asked = tuple(newest.definition.get("instruments", ()))
        refuse_unlicensed(work, asked)
        # a draft may be older than a rule
        written = msgspec.convert(newest.definition, Definition)
        _checked(written)
        _refuse_gaps(written)
        if newest.definition["consent"]["version"] == UNWRITTEN:
            told = "Write what people agree to before they answer, and give the text a version of its own."
            raise Invalid("the consent text is not written yet", [Problem(("consent", "text"), told)])
        before = store.open_version(work.session, request.id)
        if before is not None:
            _close(work, store.version(work.session, request.id, before))
            work.session.flush()
        newest.status, newest.published_at = "published", now()
        work.session.flush()
        questionnaire = _questionnaire(work, request.id)
        # parsed here and not remembered: should the commit fail, this version is still to be written
        parsed = model.compiled(newest.definition)
        work.tell(
            request.id,
            QuestionnairePublished(
                questionnaire_id=request.id,
                slug=questionnaire.slug,
                version=newest.version,
                items=tuple(ScoredItem(code, *bounds) for code, bounds in parsed.measures.items()),
                attributes={a.code: a.categories for a in parsed.attributes.values()},
                release=newest.definition.get("release", "live"),
                instruments=asked,
                open_counts=newest.definition.get("open_counts", False),
            ),
        )
        return _reply(questionnaire, newest)


def close_questionnaire(database: Database, request: ById) -> Questionnaire:
    """Take no more answers. Raises NotFound, Conflict where nothing is open."""
    with database.unit_of_work() as work:
        _locked(work, request.id)
        number = store.open_version(work.session, request.id)
        if number is None:
            raise Conflict("this questionnaire is not open; there is nothing to close")
        version = store.version(work.session, request.id, number)
        _close(work, version)
        return _reply(_questionnaire(work, request.id), version)


def questionnaires(database: Database, request: ByIds) -> QuestionnaireList:
    """Those that are there and that the caller may see."""
    with database.unit_of_work() as work:
        found = store.questionnaires(work.session, request.ids, not _staff())
        return QuestionnaireList(items=_replies(work, found))


def questionnaire_by_slug(database: Database, request: BySlug) -> Questionnaire:
    """Raises NotFound."""
    with database.unit_of_work() as work:
        found = store.questionnaire_by_slug(work.session, request.slug, not _staff())
        if found is None:
            raise NotFound("there is no such questionnaire")
        return _replies(work, [found])[0]


def list_questionnaires(database: Database, request: ListQuestionnaires) -> QuestionnaireList:
    """A page, newest first."""
    with database.unit_of_work() as work:
        found = store.page(work.session, request.first, request.after, request.status, not _staff())
        page, more = cut(found, request.first)
        return QuestionnaireList(items=_replies(work, page), has_next=more)


def _staff() -> bool:
    return tenancy.actor().has(STAFF)


def _wanted(request: CreateQuestionnaire) -> Definition:
    """Raises Invalid unless there is either a definition or an instrument."""
    if request.definition is not None and request.instrument is None:
        return request.definition
    if request.instrument is None or request.definition is not None:
        raise Invalid(
            "there is nothing to make it of, or too much",
            [Problem(("definition",), "Give a definition, or an instrument of the library, and not both.")],
        )
    wanted = request.instrument
    return instruments.questionnaire(
        instruments.find(wanted.code, wanted.version, "instrument"), wanted.languages, wanted.area_level
    )


def _checked(definition: Definition) -> dict[str, object]:
    for code in definition.instruments:
        instruments.find(code, None, "definition", "instruments")
    raw: dict[str, object] = msgspec.to_builtins(definition)
    faults = model.faults_of(raw)
    if definition.language in definition.translations:
        path = ("translations", definition.language)
        faults.append(model.Fault(path, "This is the questionnaire's own language; leave it out."))
    faults += [
        model.Fault(("translations", language, place), "The questionnaire has no such words; leave them out.")
        for language, place in wording.astray(definition)
    ]
    refuse(faults, "the questionnaire needs another look")
    return raw


def _refuse_gaps(definition: Definition) -> None:
    """A language in which words are missing would leave people with half a question."""
    faults = [
        model.Fault(("translations", language, place), "These words are missing in this language; add them.")
        for language, place in wording.missing(definition)
    ]
    refuse(faults, "some words are missing in another language")


def _locked(work: UnitOfWork, questionnaire_id: UUID) -> store.Version:
    newest = store.lock_newest(work.session, questionnaire_id)
    if newest is None:
        raise NotFound("there is no such questionnaire")
    return newest


def _questionnaire(work: UnitOfWork, questionnaire_id: UUID) -> store.Questionnaire:
    return work.session.get_one(store.Questionnaire, (work.tenant, questionnaire_id))


def _close(work: UnitOfWork, version: store.Version) -> None:
    version.status, version.closed_at = "closed", now()
    work.tell(
        version.questionnaire_id,
        QuestionnaireClosed(questionnaire_id=version.questionnaire_id, version=version.version),
    )


def _replies(work: UnitOfWork, found: Iterable[tuple[store.Questionnaire, store.Version]]) -> tuple[Questionnaire, ...]:
    pairs = list(found)
    counts: dict[UUID, int | None] = {}
    if pairs and _staff():
        least = minimum_count(work)
        counts = {
            # a count that moves one by one, beside figures that move in steps, would tell who came in between
            id_: published_count(count, least)
            for id_, count in store.accepted_counts(work.session, [q.id for q, _ in pairs]).items()
        }
    return tuple(_reply(q, v, counts.get(q.id)) for q, v in pairs)


def _reply(questionnaire: store.Questionnaire, version: store.Version, count: int | None = None) -> Questionnaire:
    return Questionnaire(
        id=questionnaire.id,
        slug=questionnaire.slug,
        version=version.version,
        status=version.status,  # type: ignore[arg-type]  # the table's check allows these only
        definition=msgspec.convert(version.definition, Definition),
        created_at=questionnaire.created_at,
        published_at=version.published_at,
        closed_at=version.closed_at,
        response_count=count,
        ways=tuple(questionnaire.ways),
        wave=questionnaire.wave,
        logic=logic_of(version.definition),
    )
