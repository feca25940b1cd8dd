"""A lean HTTP load generator: a few keep-alive connections that send ready-made requests one after the other.

It shares the machine with what it measures, so it does as little as can be: no parsing but for a header's end and the
length, no allocation but for the answer.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self, cast
from urllib.parse import urlsplit

import uvloop

LENGTH = b"content-length:"
PATIENCE = 180.0
"""Seconds after which a drive is given up."""


def request(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST of JSON as it goes over the wire."""
    return _head("POST", url, {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}) + body


def get(url: str) -> bytes:
    """A GET as it goes over the wire."""
    return _head("GET", url, {})


def _head(method: str, url: str, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Outcome:
    """What came back. `wrong` keeps the first few answers that did not have in them what they should."""

    answered: int = 0
    seconds: float = 0.0
    wrong: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second. Raises AssertionError where some were wrong."""
        if self.wrong or not self.answered:
            raise AssertionError(f"{len(self.wrong)} wrong answers, such as {self.wrong[:1]!r}")
        return self.answered / self.seconds


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], expected: bytes, outcome: Outcome) -> None:
        self._requests = requests
        self._expected = expected
        self._outcome = outcome
        self._answer = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's own does not say that it is one

    def send(self) -> None:
        """The next request, or the end."""
        following = next(self._requests, None)
        if following is not None and self._transport is not None:
            self._transport.write(following)
        elif not self.done.done():
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._answer[:end].lower()
        at = head.find(LENGTH) + len(LENGTH)
        stop = head.find(b"\r\n", at)
        length = int(head[at : stop if stop > 0 else len(head)])
        if len(self._answer) < end + 4 + length:
            return
        self._outcome.answered += 1
        if self._expected not in self._answer:
            self._outcome.wrong.append(bytes(self._answer[:1_000]))
        self._answer.clear()
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def _until(requests: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    end = time.perf_counter() + seconds
    for one in requests:
        if time.perf_counter() > end:
            return
        yield one


async def _drive(url: str, requests: Iterator[bytes], expected: bytes, connections: int) -> Outcome:
    loop, outcome, parts = asyncio.get_running_loop(), Outcome(), urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    opened = [
        (await loop.create_connection(lambda: _Connection(requests, expected, outcome), host, port))[1]
        for _ in range(connections)
    ]
    started = time.perf_counter()
    for connection in opened:
        connection.send()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(connection.done for connection in opened))
    outcome.seconds = time.perf_counter() - started
    for connection in opened:
        connection.close()
    return outcome


def drive(
    url: str, requests: Iterator[bytes], expected: bytes, *, connections: int = 32, seconds: float | None = None
) -> Outcome:
    """Send all `requests` (those that begin within `seconds`), each connection one at a time.

    An answer is right when it has `expected` in it.
    """
    wanted = requests if seconds is None else _until(requests, seconds)
    return uvloop.run(_drive(url, wanted, expected, connections))


class Line:
    """One keep-alive connection for one request at a time, when it is the time of each that counts."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._url.hostname, self._url.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer."""
        if self._reader is None or self._writer is None:
            raise ConnectionError("the line is not open")
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        return await self._reader.readexactly(int(head.partition(LENGTH)[2].partition(b"\r\n")[0]))
