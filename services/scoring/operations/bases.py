"""Frameworks that are derived from a base, and how two versions differ."""

from typing import Any
from uuid import UUID

import msgspec

from schemas import instruments
from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.roles import STAFF
from schemas.rpc.scoring import (
    DeriveFramework,
    DiffFrameworks,
    FollowBase,
    Framework,
    FrameworkChange,
    FrameworkDefinition,
    FrameworkDiff,
    Override,
    VersionRef,
)
from services.chassis import tenancy
from services.chassis.database import Database
from services.chassis.work import UnitOfWork
from services.scoring import store
from services.scoring.model.framework import NotThere, apply, difference
from services.scoring.operations.drafting import drafted, locked, redrafted, reply, whole

Tree = dict[str, Any]
FIXED = ("live", "replaced")
"""States in which a version never changes again, so that another can rest on it."""


def derive_framework(database: Database, request: DeriveFramework) -> Framework:
    """Raises NotFound, and Invalid for a base that may still change, or an override that does not fit."""
    with database.unit_of_work() as work:
        base, definition = _base(work, request)
        if request.questionnaire_id is not None:
            definition["questionnaire_id"] = str(request.questionnaire_id)
        return drafted(work, request.slug, _tailored(definition, request.overrides), base)


def follow_base(database: Database, request: FollowBase) -> Framework:
    """Raises NotFound, Conflict where there is nothing newer, and Invalid where an override has lost its place."""
    with database.unit_of_work() as work:
        newest = locked(work, request.id)
        if newest.base is None:
            raise Conflict("this framework stands for itself: it has no base to follow")
        before = _at(work, newest.base)
        base = _later(work, newest.base, request.version)
        after = _at(work, base)
        # the questionnaire is the council's own choice, not the base's
        own = _whole(newest.definition)
        after["questionnaire_id"] = before["questionnaire_id"] = own["questionnaire_id"]
        kept = [(change.path, change.after) for change in difference(before, own)]
        try:
            definition = apply(after, kept)
        except NotThere as lost:
            raise Invalid(
                "something that you changed is no longer in the base",
                [Problem(tuple(str(lost).split(".")), "Change your framework back here first, then follow the base.")],
            ) from None
        return redrafted(work, newest, _converted(definition), base)


def diff_frameworks(database: Database, request: DiffFrameworks) -> FrameworkDiff:
    """How one version differs from another, or from its base. Raises NotFound, Conflict where there is no base."""
    with database.unit_of_work() as work:
        after = _version(work, request.after)
        if request.before is not None:
            before = _whole(_version(work, request.before).definition)
        elif after.base is None:
            raise Conflict("this framework stands for itself: say what to compare it with")
        else:
            before = _at(work, after.base)
            before["questionnaire_id"] = before["questionnaire_id"] or after.definition["questionnaire_id"]
        changes = difference(before, _whole(after.definition))
    return FrameworkDiff(
        tuple(FrameworkChange(c.kind, c.path, _json(c.before), _json(c.after), c.words) for c in changes)
    )


def framework_version(database: Database, request: VersionRef) -> Framework:
    """A version as it is; drafts, and those being counted, for staff only. Raises NotFound."""
    with database.unit_of_work() as work:
        found = _version(work, request)
        if found.status not in FIXED and not tenancy.actor().has(STAFF):
            raise NotFound("there is no such framework")
        return reply(work.session.get_one(store.Framework, (work.tenant, found.framework_id)), found)


def _version(work: UnitOfWork, ref: VersionRef) -> store.FrameworkVersion:
    found = store.version_or_newest(work.session, ref.framework_id, ref.version)
    if found is None:
        raise NotFound("there is no such framework")
    return found


def _base(work: UnitOfWork, request: DeriveFramework) -> tuple[Tree, Tree]:
    """What to remember of the base, and its definition."""
    if request.framework is not None and request.instrument is None:
        found = store.fixed_version(work.session, request.framework.framework_id, request.framework.version)
        if found is None:
            raise NotFound("there is no such framework")
        base = {"framework_id": str(found.framework_id), "instrument": None, "version": found.version}
        return base, _whole(found.definition)
    if request.instrument is None or request.framework is not None:
        raise Invalid("which base?", [Problem(("framework",), "Give a framework or an instrument, and not both.")])
    if request.questionnaire_id is None:
        said = "An instrument has no questionnaire of yours: say which one it is to count."
        raise Invalid("which questionnaire?", [Problem(("questionnaire_id",), said)])
    instrument = instruments.find(request.instrument.instrument, request.instrument.version, "instrument")
    base = {"framework_id": None, "instrument": instrument.code, "version": instrument.version}
    return base, whole(instruments.framework(instrument, request.questionnaire_id))


def _at(work: UnitOfWork, base: Tree) -> Tree:
    """The definition of a remembered base; an instrument's for no questionnaire."""
    if base["framework_id"] is None:
        instrument = instruments.find(base["instrument"], base["version"])
        return whole(instruments.framework(instrument, UUID(int=0))) | {"questionnaire_id": None}
    return _whole(store.framework_version(work.session, UUID(base["framework_id"]), base["version"]).definition)


def _later(work: UnitOfWork, base: Tree, asked: int | None) -> Tree:
    if base["framework_id"] is None:
        version = instruments.find(base["instrument"], asked).version
    else:
        found = store.fixed_version(work.session, UUID(base["framework_id"]), asked)
        if found is None:
            raise NotFound("the base has no such version")
        version = found.version
    if version <= base["version"]:
        raise Conflict(f"this framework already rests on version {base['version']} of its base")
    return base | {"version": version}


def _tailored(definition: Tree, overrides: tuple[Override, ...]) -> FrameworkDefinition:
    for place, override in enumerate(overrides):
        at = ("overrides", str(place))
        try:
            definition = apply(definition, [(override.path, msgspec.json.decode(override.value))])
        except msgspec.DecodeError:
            raise Invalid("an override is malformed", [Problem((*at, "value"), "Give the value as JSON.")]) from None
        except NotThere as lost:
            said = f'The base has nothing at "{lost}"; look at its definition for what is there.'
            raise Invalid("an override does not fit the base", [Problem((*at, "path"), said)]) from None
    return _converted(definition)


def _converted(definition: Tree) -> FrameworkDefinition:
    try:
        return msgspec.convert(definition, FrameworkDefinition)
    except msgspec.ValidationError as error:
        # it quotes types and places, never values
        message, _, at = str(error).partition(" - at `$")
        path = tuple(step for step in at.rstrip("`").replace("[", ".").replace("]", "").split(".") if step)
        raise Invalid("the tailored framework is malformed", [Problem(("definition", *path), message)]) from None


def _whole(definition: Tree) -> Tree:
    return whole(msgspec.convert(definition, FrameworkDefinition))


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
