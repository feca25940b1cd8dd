"""Taking responses in bulk, from files, with a mark of how far each file has come."""

from functools import cache, partial

import msgspec

from schemas.errors import Invalid, Problem
from schemas.ids import new_id, now
from schemas.rpc.base import ById
from schemas.rpc.surveys import ImportOutcome, ImportProgress, ImportResponses, ImportRow, Reject
from services.chassis.councils import is_area
from services.chassis.database import Database
from services.surveys import model, store
from services.surveys.operations.facts import submitted
from services.surveys.operations.forms import consent, on_the_wall, open_form


def import_responses(database: Database, request: ImportResponses) -> ImportOutcome:
    """Store the rows that are right, say what is wrong with the others, and move the mark: one transaction.

    Raises NotFound and Conflict (`open_form`); Invalid where the consent stated for the whole file does not do.
    """
    agreed = consent(request.consent)
    good: list[tuple[ImportRow, dict[str, object]]] = []
    rejects: list[Reject] = []
    moment = now()
    with database.unit_of_work() as work:
        version, parsed, _, wave, _ = open_form(work, request.questionnaire_id)
        known = cache(partial(is_area, work, parsed.area_level))
        for row in request.rows:
            given = model.Submission(
                answers=row.answers,
                groups=row.groups,
                area=row.area,
                consent=agreed,
                at=on_the_wall(row.submitted_at or moment),
            )
            answers, faults = model.check(parsed, given, known)
            if faults and faults[-1].path[0] == "consent":
                raise Invalid("the consent of the file does not do", [Problem(f.path, f.message) for f in faults])
            if faults:
                rejects += [Reject(row.row, ".".join(f.path[1:]) or f.path[0], f.message) for f in faults]
            else:
                good.append((row, answers))
        responses = [
            store.NewResponse(
                tenant_id=work.tenant,
                id=new_id(),
                questionnaire_id=request.questionnaire_id,
                questionnaire_version=version,
                person_id=row.person,
                idempotency_key=f"import:{request.import_id}:{row.row}",
                request_digest=b"",
                area=row.area,
                groups=model.groups(parsed, row.groups),
                answers=answers,
                consent=msgspec.to_builtins(request.consent),
                mode="import",
                wave=wave,
                submitted_at=row.submitted_at or moment,
                accepted_at=moment,
            )
            for row, answers in good
        ]
        taken = store.add_responses(work.session, responses)
        for response in responses:
            if response.id in taken:
                values = model.counted(parsed, request.consent.purposes, model.values(parsed, response.answers))
                work.tell(response.id, submitted(response, values))
        before = work.session.get(store.Import, (work.tenant, request.import_id))
        # rows that are sent again after a lost reply were counted the first time
        refused = len({r.row for r in rejects if before is None or r.row > before.last_row})
        store.advance_import(
            work.session,
            {
                "tenant_id": work.tenant,
                "id": request.import_id,
                "questionnaire_id": request.questionnaire_id,
                "last_row": request.last_row,
                "accepted": len(taken),
                "rejected": refused,
                "updated_at": moment,
            },
        )
    return ImportOutcome(accepted=len(taken), repeated=len(good) - len(taken), rejects=tuple(rejects))


def import_progress(database: Database, request: ById) -> ImportProgress:
    """How far the import has come."""
    with database.unit_of_work() as work:
        found = work.session.get(store.Import, (work.tenant, request.id))
        if found is None:
            return ImportProgress(request.id, 0, 0, 0)
        return ImportProgress(found.id, found.last_row, found.accepted, found.rejected)
