"""One connection to RabbitMQ that comes back by itself.

aio-pika's robust connection restores channels and queues behind one's back, and holds calls while it is away. Here a
caller is told at once that the broker is gone, and whoever lives on the connection is set up again when it is back.
"""

import asyncio
from contextlib import suppress
from typing import Protocol

import aio_pika
import structlog
from aio_pika.abc import AbstractConnection

from gateway import metrics

log = structlog.get_logger()
FIRST_DELAY, LONGEST_DELAY = 0.1, 2.0


class Tenant(Protocol):
    """Something that lives on the connection."""

    async def connected(self, connection: AbstractConnection) -> None:
        """Set up channels and queues on a new connection."""

    def disconnected(self) -> None:
        """The connection is gone, and everything on it."""


class Broker:
    """Keeps the connection, and tells those who live on it when it comes and goes."""

    def __init__(self, url: str, *tenants: Tenant) -> None:
        self._url = url
        self._tenants = tenants
        self._task: asyncio.Task[None] | None = None
        self.up = False

    async def start(self, patience: float = 0.0) -> None:
        """Begin to connect; wait up to `patience` seconds for the first time that it is up."""
        first = asyncio.Event()
        self._task = asyncio.create_task(self._keep(first), name="broker")
        with suppress(TimeoutError):
            await asyncio.wait_for(first.wait(), patience)

    async def stop(self) -> None:
        """Close the connection and stay away."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self, first: asyncio.Event) -> None:
        delay = FIRST_DELAY
        while True:
            try:
                async with await aio_pika.connect(self._url, timeout=5) as connection:
                    lost = asyncio.Event()
                    connection.close_callbacks.add(lambda *_, lost=lost: lost.set())
                    for tenant in self._tenants:
                        await tenant.connected(connection)
                    self._set(up=True)
                    first.set()
                    delay = FIRST_DELAY
                    await lost.wait()
                log.warning("broker connection lost")
            except (OSError, aio_pika.exceptions.AMQPError, TimeoutError, RuntimeError) as error:
                log.warning("broker away", error=type(error).__name__)
            finally:
                self._set(up=False)
                for tenant in self._tenants:
                    tenant.disconnected()
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    def _set(self, *, up: bool) -> None:
        self.up = up
        metrics.broker_up.set(up)
