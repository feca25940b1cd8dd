"""The broker as a service sees it: connections that wait for it, and publishing in pipelined, confirmed batches."""

from collections.abc import Callable, Sequence
from typing import Any

import eventlet
import kombu
import msgspec
import structlog
from amqp import Message
from amqp.transport import TCPTransport
from kombu.exceptions import OperationalError
from kombu.serialization import register

log = structlog.get_logger()

HEARTBEAT = 20
CONFIRM_SECONDS = 30.0
READ_AT_ONCE = 16_384
"""Bytes asked of the socket at once: dozens of small frames, such as confirms, for one system call."""

# msgspec is faster than kombu's own JSON, and does not turn {"__type__": …} in somebody's answers into objects
register("json", lambda o: msgspec.json.encode(o).decode(), msgspec.json.decode, "application/json", "utf-8")


class Outgoing(msgspec.Struct, frozen=True):
    """A message to send. A `mandatory` one that no queue takes is reported, not dropped."""

    exchange: str
    routing_key: str
    body: str | bytes
    message_id: str
    headers: dict[str, Any] = {}
    mandatory: bool = True


class NotConfirmed(ConnectionError):
    """The broker did not say in time that it has the messages, or said that it has not."""


def connect(url: str) -> kombu.Connection:
    """An open connection. Raises one of `connection_errors(url)` when the broker is away."""
    connection = kombu.Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)
    connection.connect()
    _hasten(connection.connection)
    return connection


def _hasten(connection: Any) -> None:
    # py-amqp asks the socket for each part of each frame, and before each publish whether the broker has blocked us;
    # waiting for confirms finds that out as well
    connection.client_properties["capabilities"]["connection.blocked"] = False
    transport = connection.transport
    if isinstance(transport, TCPTransport):
        receive = transport.sock.recv
        # what is read too much stays in the transport's own buffer
        transport._quick_recv = lambda wanted: receive(max(wanted, READ_AT_ONCE))  # noqa: SLF001


def connection_errors(url: str, *more: type[BaseException]) -> tuple[type[BaseException], ...]:
    """The exceptions that mean: the broker is away, try again later; and `more` that are caught with them."""
    transport = kombu.Connection(url)
    # kombu wraps a refused connection in an error of its own, which its lists leave out
    return (*transport.connection_errors, *transport.channel_errors, OperationalError, OSError, *more)


def wait(url: str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Return as soon as the broker takes a connection (or `stopping` says so)."""
    errors, delay = connection_errors(url), 0.2
    while not stopping():
        try:
            connect(url).release()
        except errors as error:
            log.warning("waiting for the broker", error=type(error).__name__, retry_in=round(delay, 1))
            eventlet.sleep(delay)
            delay = min(delay * 2, 5.0)
        else:
            return


class Publisher:
    """Publishes batches on one channel in confirm mode: sends them all, then waits for all the confirms.

    Waiting for each confirm by itself costs twenty times as much, and a system call for each message a third on top.
    """

    def __init__(self, connection: kombu.Connection) -> None:
        self._connection = connection
        self._transport: Any = connection.connection.transport
        self._channel: Any = connection.channel()
        self._channel.confirm_select()
        self._sent = 0
        self._waiting: set[int] = set()
        self._refused = False
        self._returned: list[str] = []
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)

    def publish(self, messages: Sequence[Outgoing]) -> set[str]:
        """Send `messages` and wait until the broker has them all on disk.

        Returns the ids of those that no queue took. Raises NotConfirmed, or a connection error; then any of the batch
        may or may not have arrived, and sending it again is the remedy, since readers know repeats by their id.
        """
        self._returned.clear()
        frames = self._frames(messages)
        try:
            with eventlet.Timeout(CONFIRM_SECONDS, NotConfirmed("no confirm in time")):
                self._transport.write(frames)
                while self._waiting:
                    self._connection.drain_events(timeout=CONFIRM_SECONDS)
        except TimeoutError as late:
            raise NotConfirmed("no confirm in time") from late
        if self._refused:
            self._refused = False
            raise NotConfirmed("refused by the broker")
        return set(self._returned)

    def _frames(self, messages: Sequence[Outgoing]) -> bytes:
        """The whole batch as it goes over the wire. Nothing is sent yet, so no other green thread comes between."""
        frames = bytearray()
        send, self._transport._write = self._transport._write, frames.extend  # noqa: SLF001
        try:
            for message in messages:
                self._sent += 1
                self._waiting.add(self._sent)
                self._channel.basic_publish(
                    Message(
                        message.body,
                        content_type="application/json",
                        content_encoding="utf-8",
                        delivery_mode=2,
                        message_id=message.message_id,
                        application_headers=message.headers,
                    ),
                    exchange=message.exchange,
                    routing_key=message.routing_key,
                    mandatory=message.mandatory,
                )
        finally:
            self._transport._write = send  # noqa: SLF001
        return bytes(frames)

    def _settle(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._waiting = {t for t in self._waiting if t > tag}
        else:
            self._waiting.discard(tag)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused = True
        self._settle(tag, multiple)

    def _on_return(self, _error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._returned.append(message.properties["message_id"])
