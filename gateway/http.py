"""GraphQL over HTTP as its specification says, over SSE (distinct connections) and over graphql-transport-ws."""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

import msgspec
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from gateway import page, tracing
from gateway.auth import Unauthenticated
from gateway.context import Context, Parts
from gateway.schema import Schema
from gateway.tenancy import TenantSuspended, TenantUnknown
from schemas.errors import CivicError
from schemas.roles import OFFICERS

RESPONSE_JSON = "application/graphql-response+json"
UNAUTHORISED, GONE = 4401, 1001
READING = {OperationType.QUERY}
_encode = msgspec.json.Encoder(enc_hook=str).encode


class Refused(HTTPException):
    """A request that is answered before it is run, with a GraphQL error as its body."""

    def __init__(self, status: int, message: str, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message)
        self.code = code
        self.headers = dict(headers or {})


def refusal(error: HTTPException, media_type: str = "application/json") -> Response:
    """The answer to a request that is not run."""
    code = error.code if isinstance(error, Refused) else "BAD_REQUEST"
    body = {"errors": [{"message": error.reason, "extensions": {"code": code}}]}
    headers = error.headers if isinstance(error, Refused) else None
    return Response(_encode(body), error.status_code, headers, f"{media_type}; charset=utf-8")


def media_type(accept: str) -> str:
    """The JSON media type to answer in: the client's first choice of the two; `application/json` unless it says."""
    for part in accept.split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind == RESPONSE_JSON:
            return RESPONSE_JSON
        if kind in ("application/json", "application/*", "*/*"):
            return "application/json"
    return "application/json"


def _limited(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise Refused(413, f"the request is larger than {limit} bytes", "TOO_LARGE")
        return message

    return limited


class GraphQLApp(GraphQL[Context, None]):
    """The endpoint, for all transports."""

    def __init__(
        self, schema: Schema, parts: Parts, max_body_bytes: int, max_upload_bytes: int, origins: tuple[str, ...]
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=10),
            max_subscriptions_per_connection=50,
            allowed_origins=origins,
        )
        self._parts = parts
        self._max_body, self._max_upload = max_body_bytes, max(max_body_bytes, max_upload_bytes)
        self._sockets: set[WebSocket] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what cannot be run is refused in the media type that the client asked for."""
        if scope["type"] == "websocket":
            await self._socket(WebSocket(scope, receive, send))
            return
        request = Request(scope, _limited(receive, self._largest(Headers(scope=scope))))
        try:
            response = await self.run(request)
        except HTTPException as error:
            response = refusal(error, media_type(request.headers.get("accept", "")))
        await response(scope, receive, send)

    def _largest(self, headers: Mapping[str, str]) -> int:
        """How much may come: of an officer, whose token holds, a file; of anybody else, a form's worth."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return self._max_body
        try:
            actor = self._parts.tokens.identify(token.strip()).actor
        except Unauthenticated:
            return self._max_body
        return self._max_upload if actor.has(OFFICERS) else self._max_body

    async def _socket(self, socket: WebSocket) -> None:
        self._sockets.add(socket)
        try:
            await self.run(socket)
        finally:
            self._sockets.discard(socket)
            context = socket.scope.get("context")
            if context is not None and context.expiry is not None:
                context.expiry.cancel()

    async def close(self) -> None:
        """Close every socket, saying that we go away; clients come back to another replica."""
        for socket in list(self._sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(GONE, "going away")

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """The context of a request, or of a socket. A token that does not hold is refused before anything is run."""
        context = Context(self._parts, request.headers, request.scope["traceparent"])
        if isinstance(request, WebSocket):
            context.socket = request
            request.scope["context"] = context
        else:
            try:
                token = context.token
                if token:
                    self._parts.tokens.identify(token)
            except Unauthenticated as error:
                bearer = {"www-authenticate": 'Bearer realm="civic", error="invalid_token"'}
                raise Refused(401, str(error), "UNAUTHENTICATED", bearer) from None
        return context

    async def on_ws_connect(self, context: Context) -> dict[str, object] | None:
        """Check who connects, and for which council; close the socket when the token runs out."""
        try:
            caller = await context.caller()
        except (Unauthenticated, TenantUnknown, TenantSuspended, CivicError) as error:
            raise ConnectionRejectionError({"message": str(error)}) from None
        if caller.expires is not None:
            context.expiry = asyncio.create_task(self._expire(context, caller.expires - time.time()))
        return {}

    async def _expire(self, context: Context, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if context.socket is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await context.socket.close(UNAUTHORISED, "the token has expired")

    # reading the request

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Only a browser gets the page."""
        return (
            request.method == "GET"
            and request.query_params.get("query") is None
            and "text/html" in request.headers.get("accept", "")
        )

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002
        """A plain page for trying queries out; it needs nothing from elsewhere."""
        return FileResponse(page.FOLDER / "index.html", headers=page.HEADERS)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Read the parameters. Only JSON is taken, which a foreign web page cannot send without being asked first."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        if request.method == "POST" and kind != "application/json":
            raise Refused(415, "send the request as application/json", "UNSUPPORTED_MEDIA_TYPE")
        try:
            data = await super().parse_http_body(request)
        except AttributeError:
            # JSON that is neither an object nor a list
            raise HTTPException(400, "the request must be a JSON object") from None
        if isinstance(data, GraphQLRequestData):
            if not isinstance(data.operation_name, str | None):
                raise HTTPException(400, "`operationName` must be a string or null")
            if not data.query:
                raise HTTPException(400, "`query` is missing")
        return data

    async def execute_single(
        self,
        request: Request,  # noqa: ARG002
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,  # noqa: ARG002
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Run it; what may not come by GET is refused with 405, and a subscription needs a stream to answer on."""
        reading = request_adapter.method == "GET"
        try:
            return await self.schema.execute(
                request_data.query,
                root_value=root_value,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=READING if reading else READING | {OperationType.MUTATION},
            )
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from None
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                message = "subscribe with Accept: text/event-stream, or over a websocket"
                raise Refused(406, message, "NOT_ACCEPTABLE") from None
            raise Refused(405, "send mutations by POST", "METHOD_NOT_ALLOWED", {"allow": "POST"}) from None

    async def execute_operation(self, *args: Any, **kwargs: Any) -> Any:
        """As it is, but for what a stream may not carry."""
        try:
            return await super().execute_operation(*args, **kwargs)
        except InvalidOperationTypeError:
            raise Refused(405, "send mutations by POST", "METHOD_NOT_ALLOWED", {"allow": "POST"}) from None

    # writing the answer

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The media type of the answer travels in the response that strawberry lets resolvers shape."""
        response = await super().get_sub_response(request)
        response.media_type = media_type(request.headers.get("accept", ""))
        return response

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The result as JSON; without `data` where nothing was run, as the specification wants it."""
        answer = await super().process_result(request, result)
        if result.errors and result.data is None and all(e.path is None for e in result.errors):
            del answer["data"]
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """200, or 400 for what was never run, where the client speaks the newer media type."""
        kind = sub_response.media_type or "application/json"
        never_run = kind == RESPONSE_JSON and "data" not in cast("dict[str, Any]", response_data)
        return Response(
            _encode(response_data),
            status_code=400 if never_run else 200,
            headers={"cache-control": "no-store"},
            media_type=f"{kind}; charset=utf-8",
        )

    def encode_json(self, data: object) -> str:
        """Text, since graphql-transport-ws allows no binary frames."""
        return _encode(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Parse, with the error that strawberry expects."""
        try:
            return msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise json.JSONDecodeError("not JSON", "", 0) from None


def new_trace(scope: Scope) -> str:
    """Give the request its place in a trace."""
    headers = dict(scope["headers"])
    given = headers.get(b"traceparent", b"").decode("latin-1")
    return tracing.traceparent(given or None)
