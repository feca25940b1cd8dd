"""Queries of how far the items of scales agree."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from services.scoring.store.tables import FrameworkVersion, Reliability

Place = tuple[UUID, int, str]
"""A framework, its version and a wave."""


def reliability(session: Session, framework: FrameworkVersion, wave: str) -> Sequence[Reliability]:
    """What is known of each scale, in the order of the scales."""
    return session.scalars(
        select(Reliability)
        .where(
            Reliability.framework_id == framework.framework_id,
            Reliability.version == framework.version,
            Reliability.wave == wave,
        )
        .order_by(Reliability.scale)
    ).all()


def reliability_warnings(session: Session, places: Iterable[Place]) -> dict[Place, dict[str, tuple[str, ...]]]:
    """Framework version and wave → scale → its warnings; nothing for what was never worked out."""
    key = tuple_(Reliability.framework_id, Reliability.version, Reliability.wave)
    rows = session.execute(
        select(
            Reliability.framework_id,
            Reliability.version,
            Reliability.wave,
            Reliability.scale,
            Reliability.warnings,
        ).where(key.in_(sorted(set(places))))
    )
    found: dict[Place, dict[str, tuple[str, ...]]] = {}
    for framework_id, version, wave, scale, warnings in rows:
        found.setdefault((framework_id, version, wave), {})[scale] = tuple(warnings)
    return found
