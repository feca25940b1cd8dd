"""Writing frameworks, and making them live."""

from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import new_id, now
from schemas.instruments import find
from schemas.roles import STAFF
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.scoring import (
    CreateFramework,
    Framework,
    FrameworkDefinition,
    FrameworkList,
    ReviseFramework,
)
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.paging import cut
from services.chassis.work import UnitOfWork
from services.scoring import store
from services.scoring.model.framework import faults_of
from services.scoring.operations.instruments import wanted
from services.scoring.operations.runs.counting import FRAMEWORK
from services.scoring.operations.runs.kind import KINDS
from services.scoring.operations.runs.steps import begin


def create_framework(database: Database, request: CreateFramework) -> Framework:
    """Raises Invalid for a definition that does not fit its published questionnaire, or a slug that is taken."""
    with database.unit_of_work() as work:
        asked = wanted(request)
        definition = _checked(work, asked)
        framework = store.Framework(tenant_id=work.tenant, id=new_id(), slug=request.slug, created_at=now())
        work.session.add(framework)
        try:
            work.session.flush()
        except IntegrityError:
            raise Invalid(
                "the short name is taken", [Problem(("slug",), "Another framework has it; choose a new one.")]
            ) from None
        return _reply(framework, _draft(work, framework.id, 1, asked, definition))


def revise_framework(database: Database, request: ReviseFramework) -> Framework:
    """Raises NotFound, Invalid, and Conflict while a version is being counted."""
    with database.unit_of_work() as work:
        newest = _locked(work, request.id)
        if newest.status == "counting":
            raise Conflict(f"version {newest.version} is being counted; wait until it is live, or stop its run")
        definition = _checked(work, request.definition)
        if newest.status == "draft":
            newest.definition, newest.questionnaire_id = definition, request.definition.questionnaire_id
        else:
            newest = _draft(work, request.id, newest.version + 1, request.definition, definition)
        return _reply(work.session.get_one(store.Framework, (work.tenant, request.id)), newest)


def activate_framework(database: Database, request: ById) -> Framework:
    """Let the draft count: a run counts every stored response by it, beside the version that counts until then.

    A few responses are counted at once, and the reply is "live"; more of them in the background, and it is "counting".
    Raises NotFound, Conflict where there is no draft.
    """
    with database.unit_of_work() as work:
        run = begin(work, KINDS[FRAMEWORK], request.id)
        framework = store.framework_version(work.session, request.id, run.version)
        return _reply(work.session.get_one(store.Framework, (work.tenant, request.id)), framework)


def frameworks(database: Database, request: ByIds) -> FrameworkList:
    """Those that are there and that the caller may see."""
    with database.unit_of_work() as work:
        found = store.framework_by_ids(work.session, request.ids, not _staff())
    return FrameworkList(items=tuple(_reply(f, v) for f, v in found))


def list_frameworks(database: Database, request: PageRequest) -> FrameworkList:
    """A page, newest first."""
    with database.unit_of_work() as work:
        found = store.frameworks_page(work.session, request.first, request.after, not _staff())
    page, more = cut(found, request.first)
    return FrameworkList(items=tuple(_reply(f, v) for f, v in page), has_next=more)


def _staff() -> bool:
    return tenancy.actor().has(STAFF)


def _checked(work: UnitOfWork, definition: FrameworkDefinition) -> dict[str, object]:
    known = store.questionnaires(work.session, definition.questionnaire_id)
    if not known:
        raise Invalid(
            "the questionnaire is not published",
            [Problem(("questionnaire_id",), "Publish the questionnaire first; scoring hears of it within seconds.")],
        )
    for scale in definition.scales:
        if scale.instrument is not None:
            find(scale.instrument, scale.instrument_version, "scales", scale.code)
    raw: dict[str, object] = msgspec.to_builtins(definition)
    faults = faults_of(raw, {code: tuple(bounds) for code, bounds in known[-1].ranges.items()})
    if faults:
        raise Invalid(
            "the framework needs another look", [Problem(tuple(path.split(".")), said) for path, said in faults]
        )
    return raw


def _draft(
    work: UnitOfWork, framework_id: UUID, number: int, definition: FrameworkDefinition, raw: dict[str, object]
) -> store.FrameworkVersion:
    version = store.FrameworkVersion(
        tenant_id=work.tenant,
        framework_id=framework_id,
        version=number,
        status="draft",
        questionnaire_id=definition.questionnaire_id,
        definition=raw,
    )
    work.session.add(version)
    work.session.flush()
    return version


def _locked(work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
    newest = store.lock_newest(work.session, framework_id)
    if newest is None:
        raise NotFound("there is no such framework")
    return newest


def _reply(framework: store.Framework, version: store.FrameworkVersion) -> Framework:
    return Framework(
        id=framework.id,
        slug=framework.slug,
        version=version.version,
        status=version.status,  # type: ignore[arg-type]  # the table's check allows these only
        definition=msgspec.convert(version.definition, FrameworkDefinition),
        created_at=framework.created_at,
        live_since=version.live_since,
    )
