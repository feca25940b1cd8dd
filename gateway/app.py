"""The gateway put together: where each address leads, what runs beside the requests, and how it stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from time import perf_counter

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import metrics, page, tracing
from gateway.auth import Tokens
from gateway.broker import Broker
from gateway.config import Settings
from gateway.context import Parts
from gateway.http import GraphQLApp, new_trace
from gateway.live import Live
from gateway.rpc import Rpc
from gateway.schema import schema
from gateway.surveys.submitting import Submitter
from gateway.tenancy import Tenants

log = structlog.get_logger()
VERSION = version("civic-health")
FIRST_CONNECTION_SECONDS = 3.0
UNLOGGED = frozenset({"/health", "/metrics"})


class Observed:
    """Gives each request its trace, counts it and logs it: how it went, never what was said."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope["traceparent"] = new_trace(scope)
        started, status = perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            status = status or 500
            raise
        finally:
            seconds = perf_counter() - started
            metrics.requests.labels(scope["type"], str(status)).inc()
            if scope["type"] == "http" and scope["path"] not in UNLOGGED:
                metrics.request_seconds.observe(seconds)
            if scope["path"] not in UNLOGGED:
                log.info(
                    "request",
                    kind=scope["type"],
                    method=scope.get("method"),
                    path=scope["path"],
                    status=status,
                    ms=round(seconds * 1000, 1),
                    trace=tracing.trace_id(scope["traceparent"]),
                )


class Gateway:
    """Every part of one replica."""

    def __init__(self, settings: Settings) -> None:
        self.live = Live()
        self.rpc = Rpc(settings.rpc_deadline)
        self.broker = Broker(settings.amqp_url, self.rpc, self.live)
        self.tenants = Tenants(settings.database_url)
        tokens = Tokens(settings.jwks_file, settings.jwt_issuer, settings.jwt_audience)
        served = schema(introspection=settings.environment == "local")
        self._sdl = served.as_str()
        parts = Parts(self.rpc, self.tenants, tokens, self.live, Submitter(self.rpc))
        self.graphql = GraphQLApp(served, parts, settings.max_body_bytes, settings.max_upload_bytes, settings.origins)

    async def start(self) -> None:
        """Connect to the database and the broker. Neither needs to be there yet."""
        await self.tenants.start()
        await self.broker.start(FIRST_CONNECTION_SECONDS)

    async def drain(self) -> None:
        """End live connections, which would otherwise hold up a stop."""
        self.live.close()
        await self.graphql.close()

    async def stop(self) -> None:
        """Leave the broker and the database."""
        await self.drain()
        await self.broker.stop()
        await self.tenants.stop()

    async def health(self, _: Request) -> Response:
        """200 when the broker and the database answer, else 503; which of them, by name."""
        checks = {"broker": self.broker.up, "database": await self.tenants.healthy()}
        healthy = all(checks.values())
        said = {"service": "gateway", "version": VERSION, "healthy": healthy, "checks": checks}
        return JSONResponse(said, 200 if healthy else 503)

    async def sdl(self, _: Request) -> Response:
        """The schema in GraphQL's own language."""
        return PlainTextResponse(self._sdl, headers={"cache-control": "public, max-age=300"})


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _file(name: str) -> Route:
    async def serve(_: Request) -> Response:
        return FileResponse(page.FOLDER / name, headers=page.HEADERS)

    return Route(f"/graphql/{name}", serve)


def create(settings: Settings) -> tuple[Starlette, Gateway]:
    """The application, and its parts for whoever starts and stops it."""
    gateway = Gateway(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await gateway.start()
        try:
            yield
        finally:
            await gateway.stop()

    app = Starlette(
        routes=[
            Route("/graphql", gateway.graphql),
            WebSocketRoute("/graphql", gateway.graphql),
            *map(_file, page.FILES),
            Route("/schema.graphql", gateway.sdl),
            Route("/health", gateway.health),
            Route("/metrics", _metrics),
        ],
        middleware=[Middleware(Observed)],
        lifespan=lifespan,
    )
    return app, gateway
