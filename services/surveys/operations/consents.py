"""The history of consent: what was given, changed and withdrawn, with the version of the words. It only grows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from schemas.ids import now
from schemas.rpc.surveys import ConsentStep
from services.chassis.work import UnitOfWork
from services.surveys import store


def record(work: UnitOfWork, response: store.Response, kind: str, version: str, purposes: Iterable[str]) -> None:
    """Write the next step of a response, which is locked, before its consent changes.

    What was given first is written now, with the second step: until then it stands with the response, and taking
    answers costs no second row.
    """
    steps = store.consent_steps(work.session, [response.id]).get(response.id, [])
    if not steps:
        given = response.consent
        work.session.add(_row(work, response, 1, "given", given["version"], given["purposes"], response.submitted_at))
    work.session.add(_row(work, response, max(len(steps), 1) + 1, kind, version, purposes, now()))
    work.session.flush()


def history(response: store.Response, steps: Sequence[store.ConsentStep]) -> tuple[ConsentStep, ...]:
    """How the consent of a response came about, oldest first."""
    if steps:
        return tuple(ConsentStep(s.kind, s.version, tuple(s.purposes), s.recorded_at) for s in steps)  # type: ignore[arg-type]
    given = response.consent
    return (ConsentStep("given", given["version"], tuple(given["purposes"]), response.submitted_at),)


def _row(
    work: UnitOfWork,
    response: store.Response,
    step: int,
    kind: str,
    version: str,
    purposes: Iterable[str],
    moment: datetime,
) -> store.ConsentStep:
    return store.ConsentStep(
        tenant_id=work.tenant,
        response_id=response.id,
        step=step,
        kind=kind,
        version=version,
        purposes=sorted(purposes),
        recorded_at=moment,
    )
