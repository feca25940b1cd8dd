"""Queries of links, waves, saved answers and the history of consent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, text
from sqlalchemy.orm import Session

from services.chassis.paging import newest_first
from services.surveys.store.tables import ConsentStep, Link, Questionnaire, Saved, Wave

_COUNT = text(
    "UPDATE links SET taken = taken + c.n FROM unnest(CAST(:ids AS uuid[]), CAST(:counts AS int[])) AS c (id, n) "
    "WHERE links.id = c.id"
)


def lock_questionnaire(session: Session, questionnaire_id: UUID) -> Questionnaire | None:
    """A questionnaire, locked so that its ways and its wave change one after the other."""
    return session.scalars(
        select(Questionnaire).where(Questionnaire.id == questionnaire_id).with_for_update()
    ).one_or_none()


def lock_links(session: Session, digests: Sequence[bytes], ids: Sequence[UUID]) -> list[Link]:
    """Links by their digests or ids. Those with a cap are locked, in the order of their ids."""
    found = session.scalars(select(Link).where(or_(Link.digest.in_(digests), Link.id.in_(ids)))).all()
    capped = [link.id for link in found if link.cap is not None]
    if capped:
        # read again once they are ours: another transaction may have used them meanwhile
        session.scalars(
            select(Link)
            .where(Link.id.in_(capped))
            .order_by(Link.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
    return list(found)


def count_links(session: Session, counts: Mapping[UUID, int]) -> None:
    """Add to what these links have taken, in one statement."""
    session.execute(_COUNT, {"ids": list(counts), "counts": list(counts.values())})


def link_by_digest(session: Session, digest: bytes) -> Link | None:
    """The link whose token has this digest."""
    return session.scalars(select(Link).where(Link.digest == digest)).one_or_none()


def lock_link(session: Session, link_id: UUID) -> Link | None:
    """One link, locked."""
    return session.scalars(select(Link).where(Link.id == link_id).with_for_update()).one_or_none()


def links_page(
    session: Session, questionnaire_id: UUID, kind: str | None, first: int, after: UUID | None
) -> list[Link]:
    """A page of a questionnaire's links, and one more; see `paging`."""
    query = newest_first(select(Link).where(Link.questionnaire_id == questionnaire_id), Link.id, first, after)
    if kind is not None:
        query = query.where(Link.kind == kind)
    return list(session.scalars(query))


def participants(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` for whom a link was made before."""
    return {
        found
        for found in session.scalars(select(Link.participant_id).where(Link.participant_id.in_(ids)))
        if found is not None
    }


def wave(session: Session, questionnaire_id: UUID, code: str) -> Wave | None:
    """A wave by its code."""
    return session.scalars(
        select(Wave).where(Wave.questionnaire_id == questionnaire_id, Wave.code == code)
    ).one_or_none()


def waves_page(session: Session, questionnaire_id: UUID, first: int, after: UUID | None) -> list[Wave]:
    """A page of a questionnaire's waves, and one more; see `paging`."""
    query = newest_first(select(Wave).where(Wave.questionnaire_id == questionnaire_id), Wave.id, first, after)
    return list(session.scalars(query))


def lock_saved(session: Session, digests: Sequence[bytes]) -> list[Saved]:
    """Saved answers by their codes' digests, locked in the order of their ids."""
    return list(session.scalars(select(Saved).where(Saved.digest.in_(digests)).order_by(Saved.id).with_for_update()))


def forget_saved(session: Session, ids: Sequence[UUID]) -> None:
    """Delete saved answers."""
    session.execute(delete(Saved).where(Saved.id.in_(ids)))


def forget_expired(session: Session, moment: datetime) -> None:
    """Delete what was saved too long ago."""
    session.execute(delete(Saved).where(Saved.expires_at <= moment))


def consent_steps(session: Session, response_ids: Sequence[UUID]) -> dict[UUID, list[ConsentStep]]:
    """The recorded steps of these responses, each in their order; one query for all."""
    found: dict[UUID, list[ConsentStep]] = {}
    query = select(ConsentStep).where(ConsentStep.response_id.in_(response_ids))
    for step in session.scalars(query.order_by(ConsentStep.response_id, ConsentStep.step)):
        found.setdefault(step.response_id, []).append(step)
    return found
