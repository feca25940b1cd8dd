"""What a resolver has at hand: the caller, and the one way to ask a service on the caller's behalf."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.websockets import WebSocket
from strawberry.types import Info as StrawberryInfo

from gateway.auth import ANONYMOUS, Tokens, Unauthenticated
from gateway.live import Live
from gateway.rpc import Rpc
from gateway.surveys.submitting import Submitter
from gateway.tenancy import Tenant, Tenants
from schemas.errors import Forbidden
from schemas.roles import Actor
from schemas.rpc import Method

Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the running gateway that resolvers use."""

    rpc: Rpc
    tenants: Tenants
    tokens: Tokens
    live: Live
    submitter: Submitter


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which council, and until when their token holds (None: without a token)."""

    tenant: Tenant
    actor: Actor
    expires: float | None

    @property
    def anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.expires is None


class Context:
    """One request, or one live connection with all its operations."""

    def __init__(self, parts: Parts, headers: Mapping[str, str], traceparent: str) -> None:
        self.parts = parts
        self.headers = headers
        self.traceparent = traceparent
        self.connection_params: dict[str, Any] | None = None
        self.loaders: dict[Any, Any] = {}
        self.socket: WebSocket | None = None
        self.expiry: asyncio.Task[None] | None = None

    def _said(self, header: str) -> str | None:
        # a browser cannot set headers on a websocket; it says the same in the connection's first message
        for name, value in (self.connection_params or {}).items():
            if name.lower() == header and isinstance(value, str):
                return value
        return self.headers.get(header)

    @property
    def token(self) -> str | None:
        """The bearer token, if one was sent. Raises Unauthenticated where it was sent in some other way."""
        given = self._said("authorization")
        if not given:
            return None
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("send the token as: Authorization: Bearer <token>")
        return token.strip()

    async def caller(self) -> Caller:
        """The caller, looked at anew each time: a token may have run out, a council been suspended.

        Raises Unauthenticated, TenantUnknown, TenantSuspended, Unavailable, and Forbidden for another council's token.
        """
        token = self.token
        identity = self.parts.tokens.identify(token) if token else None
        slug, host = self._said("x-civic-tenant"), self.headers.get("host")
        tenant = await self.parts.tenants.find(slug, host)
        if identity is None:
            return Caller(tenant, ANONYMOUS, None)
        if identity.tenant is not None and identity.tenant != tenant.id:
            raise Forbidden("your token is for another council")
        return Caller(tenant, identity.actor, identity.expires)

    async def call(self, method: Method[Req, Rep], request: Req, deadline: float | None = None) -> Rep:
        """Ask a service as the caller; `deadline` is for what takes its seconds."""
        caller = await self.caller()
        return await self.parts.rpc.call(method, request, caller.tenant.id, caller.actor, self.traceparent, deadline)


Info = StrawberryInfo[Context, None]
