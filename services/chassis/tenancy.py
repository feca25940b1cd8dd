"""Whose data this is: the council and the caller of the work in hand, kept in context variables.

eventlet gives every green thread a context of its own, so that two calls at once never mix.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

import structlog

from schemas.errors import Forbidden
from schemas.roles import Actor

_NOBODY = Actor()
_tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)
_actor: ContextVar[Actor] = ContextVar("actor", default=_NOBODY)
_trace: ContextVar[str | None] = ContextVar("trace", default=None)


class NoTenant(RuntimeError):
    """Data was touched with no council set: a mistake in our code, never the caller's."""


def tenant() -> UUID:
    """The council of the work in hand. Raises NoTenant where none is set."""
    current = _tenant.get()
    if current is None:
        raise NoTenant("no council is set for this work")
    return current


def actor() -> Actor:
    """The caller; nobody, with no role, where none is set."""
    return _actor.get()


def person() -> UUID:
    """The person who calls. Raises Forbidden for a machine."""
    current = _actor.get().person
    if current is None:
        raise Forbidden("sign in as a person to do this")
    return current


def traceparent() -> str | None:
    """The W3C trace that the work in hand belongs to."""
    return _trace.get()


@contextmanager
def acting(tenant: UUID, actor: Actor | None = None, traceparent: str | None = None) -> Iterator[None]:
    """Do what is inside for this council, as this caller."""
    tenant_before, actor_before, trace_before = (
        _tenant.set(tenant),
        _actor.set(actor or _NOBODY),
        _trace.set(traceparent),
    )
    with structlog.contextvars.bound_contextvars(tenant=str(tenant), trace=traceparent):
        try:
            yield
        finally:
            _tenant.reset(tenant_before)
            _actor.reset(actor_before)
            _trace.reset(trace_before)
