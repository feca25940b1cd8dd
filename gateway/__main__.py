"""Starts the gateway: ``python -m gateway``."""

import asyncio
import gc
from types import FrameType

import structlog
import uvicorn

from gateway import logs
from gateway.app import Gateway, create
from gateway.config import Settings

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """uvicorn, which on a stop first ends live connections instead of waiting for them."""

    def __init__(self, config: uvicorn.Config, gateway: Gateway) -> None:
        super().__init__(config)
        self._gateway = gateway
        self._drain: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers:
            for socket in server.sockets:
                log.info("ready", address=":".join(str(p) for p in socket.getsockname()[:2]))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: drain in the loop, then stop as uvicorn does."""
        log.info("stopping")
        self._loop.call_soon_threadsafe(self._begin_drain)
        super().handle_exit(sig, frame)

    def _begin_drain(self) -> None:
        self._drain = asyncio.ensure_future(self._gateway.drain())


def main() -> None:
    """Serve until told to stop."""
    settings = Settings()  # type: ignore[call-arg]  # the environment supplies them
    logs.configure(settings.log_format, settings.log_level)
    app, gateway = create(settings)
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    # the schema and its types are here to stay: looking through them for garbage again and again costs a tenth of a
    # request
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    _Server(config, gateway).run()


if __name__ == "__main__":
    main()
