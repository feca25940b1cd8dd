"""Services as real processes, for the tests that kill them."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.ports import free_port
from deploy.local.process import Program, Running, wait_until
from deploy.provision.run import Provisioned

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Service:
    """One `python -m services.NAME`, with its own database role and broker user."""

    name: str
    port: int
    running: Running

    @property
    def url(self) -> str:
        """Where /health and /metrics are."""
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> dict[str, Any] | None:
        """What /health says; None while nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error))
        except OSError:
            return None

    def healthy(self) -> bool:
        """Whether it says that it can work."""
        said = self.health()
        return said is not None and bool(said["healthy"])

    def wait(self, seconds: float = 30) -> None:
        """Until it is healthy."""
        assert wait_until(self.healthy, seconds), self.running.log.read_text()[-4_000:]


def make(provisioned: Provisioned, folder: Path, name: str, **settings: str) -> Service:
    """A service, not started yet. `settings` are extra environment, without the prefix."""
    port = free_port()
    env = {
        "CIVIC_DATABASE_URL": provisioned.database_url(name),
        "CIVIC_AMQP_URL": provisioned.amqp_url(name),
        "CIVIC_HTTP_PORT": str(port),
        "PATH": "/usr/bin:/bin",
        **{f"CIVIC_{key.upper()}": value for key, value in settings.items()},
    }
    program = Program(name, (sys.executable, "-m", f"services.{name}"), env, str(ROOT))
    return Service(name, port, Running(program, folder / f"{name}.log", die_with_parent=True))


@contextmanager
def started(*services: Service) -> Iterator[None]:
    """Start them, wait until they are healthy, and stop them afterwards."""
    try:
        for service in services:
            service.running.start()
        for service in services:
            service.wait()
        yield
    finally:
        with ThreadPoolExecutor(len(services)) as pool:
            list(pool.map(lambda service: service.running.stop(), services))
