"""Writing frameworks, and making them live."""

from schemas.roles import STAFF
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.scoring import (
    CreateFramework,
    Framework,
    FrameworkList,
    ReviseFramework,
)
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.paging import cut
from services.scoring import store
from services.scoring.operations.drafting import drafted, locked, redrafted, reply
from services.scoring.operations.instruments import wanted
from services.scoring.operations.runs.counting import FRAMEWORK
from services.scoring.operations.runs.kind import KINDS
from services.scoring.operations.runs.steps import begin


def create_framework(database: Database, request: CreateFramework) -> Framework:
    """Raises Invalid for a definition that does not fit its published questionnaire, or a slug that is taken."""
    with database.unit_of_work() as work:
        return drafted(work, request.slug, wanted(request), None)


def revise_framework(database: Database, request: ReviseFramework) -> Framework:
    """Raises NotFound, Invalid, and Conflict while a version is being counted."""
    with database.unit_of_work() as work:
        newest = locked(work, request.id)
        return redrafted(work, newest, request.definition, newest.base)


def activate_framework(database: Database, request: ById) -> Framework:
    """Let the draft count: a run counts every stored response by it, beside the version that counts until then.

    A few responses are counted at once, and the reply is "live"; more of them in the background, and it is "counting".
    Raises NotFound, Conflict where there is no draft.
    """
    with database.unit_of_work() as work:
        run = begin(work, KINDS[FRAMEWORK], request.id)
        framework = store.framework_version(work.session, request.id, run.version)
        return reply(work.session.get_one(store.Framework, (work.tenant, request.id)), framework)


def frameworks(database: Database, request: ByIds) -> FrameworkList:
    """Those that are there and that the caller may see."""
    with database.unit_of_work() as work:
        found = store.framework_by_ids(work.session, request.ids, not _staff())
    return FrameworkList(items=tuple(reply(f, v) for f, v in found))


def list_frameworks(database: Database, request: PageRequest) -> FrameworkList:
    """A page, newest first."""
    with database.unit_of_work() as work:
        found = store.frameworks_page(work.session, request.first, request.after, not _staff())
    page, more = cut(found, request.first)
    return FrameworkList(items=tuple(reply(f, v) for f, v in page), has_next=more)


def _staff() -> bool:
    return tenancy.actor().has(STAFF)
