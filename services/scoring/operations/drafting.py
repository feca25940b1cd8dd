"""Drafts of frameworks: checked against the questionnaire, started, replaced, and shown."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.ids import new_id, now
from schemas.instruments import find
from schemas.rpc.scoring import Base, Framework, FrameworkDefinition
from services.chassis.work import UnitOfWork
from services.scoring import store
from services.scoring.model.framework import faults_of, pair_faults
from services.scoring.operations.places import with_versions


def drafted(work: UnitOfWork, slug: str, definition: FrameworkDefinition, base: dict[str, Any] | None) -> Framework:
    """A new framework with its first draft. Raises Invalid."""
    raw = checked(work, definition)
    framework = store.Framework(tenant_id=work.tenant, id=new_id(), slug=slug, created_at=now())
    work.session.add(framework)
    try:
        work.session.flush()
    except IntegrityError:
        raise Invalid(
            "the short name is taken", [Problem(("slug",), "Another framework has it; choose a new one.")]
        ) from None
    return reply(framework, draft(work, framework.id, 1, definition, raw, base))


def redrafted(
    work: UnitOfWork, newest: store.FrameworkVersion, definition: FrameworkDefinition, base: dict[str, Any] | None
) -> Framework:
    """The draft replaced, or the next version's started. Raises Invalid, and Conflict while a version is counted."""
    if newest.status == "counting":
        raise Conflict(f"version {newest.version} is being counted; wait until it is live, or stop its run")
    raw = checked(work, definition)
    if newest.status == "draft":
        newest.definition, newest.questionnaire_id, newest.base = raw, definition.questionnaire_id, base
    else:
        newest = draft(work, newest.framework_id, newest.version + 1, definition, raw, base)
    return reply(work.session.get_one(store.Framework, (work.tenant, newest.framework_id)), newest)


def whole(definition: FrameworkDefinition) -> dict[str, Any]:
    """As it is stored: JSON, with every field in it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(definition))
    return found


def checked(work: UnitOfWork, definition: FrameworkDefinition) -> dict[str, Any]:
    """The definition as it is stored. Raises Invalid where it does not fit its questionnaire."""
    known = store.questionnaires(work.session, definition.questionnaire_id)
    if not known:
        raise Invalid(
            "the questionnaire is not published",
            [Problem(("questionnaire_id",), "Publish the questionnaire first; scoring hears of it within seconds.")],
        )
    for scale in definition.scales:
        if scale.instrument is not None:
            find(scale.instrument, scale.instrument_version, "scales", scale.code)
    raw = whole(with_versions(work, definition))
    faults = faults_of(raw, {code: tuple(bounds) for code, bounds in known[-1].ranges.items()})
    faults += pair_faults(raw, known[-1].attributes)
    if faults:
        raise Invalid(
            "the framework needs another look", [Problem(tuple(path.split(".")), said) for path, said in faults]
        )
    return raw


def draft(
    work: UnitOfWork,
    framework_id: UUID,
    number: int,
    definition: FrameworkDefinition,
    raw: dict[str, Any],
    base: dict[str, Any] | None,
) -> store.FrameworkVersion:
    """A draft of a framework, stored."""
    version = store.FrameworkVersion(
        tenant_id=work.tenant,
        framework_id=framework_id,
        version=number,
        status="draft",
        questionnaire_id=definition.questionnaire_id,
        definition=raw,
        base=base,
    )
    work.session.add(version)
    work.session.flush()
    return version


def locked(work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
    """The newest version, locked. Raises NotFound."""
    newest = store.lock_newest(work.session, framework_id)
    if newest is None:
        raise NotFound("there is no such framework")
    return newest


def reply(framework: store.Framework, version: store.FrameworkVersion) -> Framework:
    """As the contract has it."""
    return Framework(
        id=framework.id,
        slug=framework.slug,
        version=version.version,
        status=version.status,  # type: ignore[arg-type]  # the table's check allows these only
        definition=msgspec.convert(version.definition, FrameworkDefinition),
        created_at=framework.created_at,
        live_since=version.live_since,
        base=msgspec.convert(version.base, Base) if version.base else None,
    )
