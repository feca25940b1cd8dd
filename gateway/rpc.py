"""Calls to the services in nameko's wire format, without nameko.

A call either answers, or fails by its deadline, or fails at once: when the broker is away, or when it has no queue for
the service. Its message expires with the deadline, so that a service that comes back late does not work off calls that
nobody waits for.
"""

import asyncio
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID, uuid4

import aio_pika
import msgspec
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage

from gateway import metrics
from schemas.errors import ERRORS, CivicError, Problem, Unavailable
from schemas.roles import Actor
from schemas.rpc import Method
from schemas.topology import RPC_EXCHANGE

log = structlog.get_logger()
Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)


class InternalError(Exception):
    """A service failed in a way that is no caller's business."""


class _RemoteError(msgspec.Struct):
    exc_type: str
    exc_args: list[Any] = []


class _Reply(msgspec.Struct):
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _RemoteError | None = None


_decode_reply = msgspec.json.Decoder(_Reply).decode
_decoders: dict[type[msgspec.Struct], msgspec.json.Decoder[Any]] = {}


def _decoder(reply: type[Rep]) -> msgspec.json.Decoder[Rep]:
    found = _decoders.get(reply)
    if found is None:
        found = _decoders[reply] = msgspec.json.Decoder(reply)
    return found


def _raise(error: _RemoteError) -> None:
    kind = ERRORS.get(error.exc_type)
    if kind is None:
        raise InternalError(error.exc_type)
    message = str(error.exc_args[0]) if error.exc_args else "something is not right"
    problems = error.exc_args[1] if len(error.exc_args) > 1 else ()
    raise kind(message, msgspec.convert(problems, tuple[Problem, ...]))


class Rpc:
    """The one caller of services in this process. It lives on the broker's connection."""

    def __init__(self, deadline: float = 5.0) -> None:
        self._deadline = deadline
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._exchange: AbstractExchange | None = None
        self._channel: AbstractChannel | None = None
        self._reply_to = ""

    async def connected(self, connection: AbstractConnection) -> None:
        """Open a channel, and a reply queue that goes with the connection."""
        # no confirms: what was not taken is answered by the deadline, and a confirm would cost every call a round trip
        channel = await connection.channel(publisher_confirms=False)
        self._reply_to = f"gateway.reply.{uuid4()}"
        queue = await channel.declare_queue(self._reply_to, exclusive=True, auto_delete=True)
        exchange = await channel.get_exchange(RPC_EXCHANGE, ensure=False)
        await queue.bind(exchange, self._reply_to)
        await queue.consume(self._on_reply, no_ack=True)
        channel.return_callbacks.add(self._on_return)
        # the broker may close a channel alone; a new connection brings everything back
        channel.close_callbacks.add(lambda *_: asyncio.ensure_future(connection.close()))
        channel.close_callbacks.add(lambda *_: self.disconnected())
        self._channel, self._exchange = channel, exchange

    def disconnected(self) -> None:
        """Fail every call that is under way: its answer can no longer reach us."""
        self._exchange = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Unavailable("the connection was lost; try again in a moment"))

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        future = self._waiting.get(message.correlation_id or "")
        if future is not None and not future.done():
            future.set_result(message.body)

    def _on_return(self, _: Any, message: AbstractIncomingMessage) -> None:
        future = self._waiting.get(message.correlation_id or "")
        if future is not None and not future.done():
            service = (message.routing_key or "").partition(".")[0]
            future.set_exception(Unavailable(f"the {service} service is away; try again in a moment"))

    async def call(
        self,
        method: Method[Req, Rep],
        request: Req,
        tenant: UUID,
        actor: Actor,
        traceparent: str,
        deadline: float | None = None,
    ) -> Rep:
        """Ask a service, as `actor` in the council `tenant`.

        Raises the closed set of `schemas.errors`, Unavailable among them, and InternalError for anything else.
        """
        started, outcome = perf_counter(), "ok"
        try:
            reply = _decode_reply(await self._send(method, request, tenant, actor, traceparent, deadline))
            if reply.error is not None:
                _raise(reply.error)
            return _decoder(method.reply).decode(reply.result)
        except msgspec.DecodeError as error:
            outcome = "Malformed"
            log.warning("malformed reply", method=method.routing_key)
            raise InternalError(method.routing_key) from error
        except (CivicError, InternalError) as error:
            outcome = type(error).__name__
            raise
        except asyncio.CancelledError:
            outcome = "Cancelled"
            raise
        finally:
            metrics.call_seconds.labels(method.routing_key, outcome).observe(perf_counter() - started)

    async def _send(
        self,
        method: Method[Req, Rep],
        request: Req,
        tenant: UUID,
        actor: Actor,
        traceparent: str,
        deadline: float | None,
    ) -> bytes:
        exchange = self._exchange
        if exchange is None:
            raise Unavailable("the message broker is away; try again in a moment")
        seconds = deadline or self._deadline
        correlation_id = uuid4().hex
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[correlation_id] = future
        try:
            await exchange.publish(
                aio_pika.Message(
                    msgspec.json.encode({"args": (request,), "kwargs": {}}),
                    content_type="application/json",
                    content_encoding="utf-8",
                    correlation_id=correlation_id,
                    reply_to=self._reply_to,
                    expiration=seconds,
                    headers={
                        "nameko.tenant": str(tenant),
                        "nameko.actor": msgspec.json.encode(actor).decode(),
                        "nameko.traceparent": traceparent,
                    },
                ),
                method.routing_key,
                mandatory=True,
                timeout=seconds,
            )
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            raise Unavailable(f"the {method.service} service did not answer in time; try again in a moment") from None
        except (aio_pika.exceptions.AMQPError, OSError, RuntimeError):
            raise Unavailable("the message broker is away; try again in a moment") from None
        finally:
            del self._waiting[correlation_id]
            if not future.cancelled() and future.done():
                future.exception()
