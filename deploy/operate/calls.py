"""Calls to the services from an operator's command: nameko's wire format over the `operator` user of the broker."""

import contextlib
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import amqp
import kombu
import msgspec

from deploy.errors import DeployError
from schemas.errors import ERRORS, CivicError, Problem, Unavailable
from schemas.roles import Actor, Role
from schemas.rpc import Method
from schemas.topology import RPC_EXCHANGE

Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)
Result = TypeVar("Result")

OPERATOR = Actor(None, (Role.ADMIN, Role.PLATFORM))
"""Commands act for the council as its administrator would; no person stands behind them."""
ANYBODY = Actor(None, (Role.ANONYMOUS,))
DEADLINE = 30.0
QUICK = 5.0
"""Seconds for what takes milliseconds as a rule: whether a service is away is then known soon."""
CONNECT_SECONDS = 5
FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0
PATIENCE = 300.0
"""Seconds for which a service may be away before a command gives up."""


class InternalError(Exception):
    """A service failed in a way that only its log tells."""


class _RemoteError(msgspec.Struct):
    exc_type: str
    exc_args: list[Any] = []


class _Reply(msgspec.Struct):
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _RemoteError | None = None


class Calls:
    """A connection for calls, one at a time; made when first needed, and anew after it was lost."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._connection: kombu.Connection | None = None
        self._channel: Any = None
        self._reply_to = ""
        self._replies: dict[str, bytes] = {}
        self._returned: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(OSError, amqp.exceptions.AMQPError):
                connection.release()

    def call(
        self,
        method: Method[Req, Rep],
        request: Req,
        tenant: UUID,
        actor: Actor = OPERATOR,
        deadline: float = DEADLINE,
    ) -> Rep:
        """Ask a service, as `actor` in the council `tenant`, and wait for up to `deadline` seconds.

        Raises the closed set of `schemas.errors`, Unavailable among them (whether the call was carried out is then
        not known), and InternalError.
        """
        try:
            body = self._ask(method, request, tenant, actor, deadline)
        except (OSError, amqp.exceptions.AMQPError, kombu.exceptions.OperationalError):
            self.close()
            raise Unavailable("the message broker is away; try again in a moment") from None
        reply = msgspec.json.decode(body, type=_Reply)
        if reply.error is not None:
            raise _error(reply.error)
        return msgspec.json.decode(reply.result, type=method.reply)

    def _ask(self, method: Method[Req, Rep], request: Req, tenant: UUID, actor: Actor, deadline: float) -> bytes:
        connection = self._connected()
        call = uuid4().hex
        message = amqp.Message(
            msgspec.json.encode({"args": (request,), "kwargs": {}}),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call,
            reply_to=self._reply_to,
            # a service that comes back late need not work off what nobody waits for
            expiration=str(int(deadline * 1000)),
            application_headers={
                "nameko.tenant": str(tenant),
                "nameko.actor": msgspec.json.encode(actor).decode(),
                "nameko.traceparent": f"00-{uuid4().hex}-{uuid4().hex[:16]}-01",
            },
        )
        self._channel.basic_publish(message, exchange=RPC_EXCHANGE, routing_key=method.routing_key, mandatory=True)
        until = time.monotonic() + deadline
        while call not in self._replies:
            if call in self._returned:
                self._returned.discard(call)
                raise Unavailable(f"the {method.service} service is away; try again in a moment")
            left = until - time.monotonic()
            if left <= 0:
                raise Unavailable(f"the {method.service} service did not answer in time; try again in a moment")
            with contextlib.suppress(socket.timeout):
                connection.drain_events(timeout=left)
        return self._replies.pop(call)

    def _connected(self) -> kombu.Connection:
        if self._connection is not None:
            return self._connection
        self._replies.clear()
        self._returned.clear()
        connection = kombu.Connection(self._url, connect_timeout=CONNECT_SECONDS)
        connection.connect()
        channel = connection.connection.channel()
        channel.auto_decode = False
        self._reply_to = f"operator.reply.{uuid4()}"
        channel.queue_declare(self._reply_to, exclusive=True, auto_delete=True)
        channel.queue_bind(self._reply_to, RPC_EXCHANGE, self._reply_to)
        channel.basic_consume(self._reply_to, no_ack=True, callback=self._on_reply)
        channel.events["basic_return"].add(self._on_return)
        self._connection, self._channel = connection, channel
        return connection

    def _on_reply(self, message: Any) -> None:
        self._replies[str(message.properties.get("correlation_id"))] = message.body

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._returned.add(str(message.properties.get("correlation_id")))


def _error(told: _RemoteError) -> CivicError | InternalError:
    kind = ERRORS.get(told.exc_type)
    if kind is None:
        return InternalError("something went wrong inside a service; its log says what")
    message = str(told.exc_args[0]) if told.exc_args else "something is not right"
    problems = told.exc_args[1] if len(told.exc_args) > 1 else ()
    return kind(message, msgspec.convert(problems, tuple[Problem, ...]))


def patiently(
    ask: Callable[[], Result],
    say: Callable[[str], None] = lambda _: None,
    patience: float = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """What `ask` gives; while it raises Unavailable it is asked again, after ever longer pauses.

    `ask` must be harmless to repeat. Raises the last Unavailable once `patience` seconds are over.
    """
    delay, until = FIRST_DELAY, time.monotonic() + patience
    while True:
        try:
            return ask()
        except Unavailable as error:
            if time.monotonic() + delay > until:
                raise
            say(f"{error.message.partition(';')[0]}; trying again in {delay:g} s")
        sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY)


def explained(error: CivicError | InternalError, remedy: str = "") -> DeployError:
    """What a service said, as an operator's error: the sentence, and each field that is wrong."""
    problems = error.problems if isinstance(error, CivicError) else ()
    listed = "".join(f"\n- {'.'.join(p.path)}: {p.message}" for p in problems)
    sentence = str(error)
    return DeployError(f"{sentence[:1].upper()}{sentence[1:]}.{listed}", remedy)
