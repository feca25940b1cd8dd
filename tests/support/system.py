"""The whole system as real processes: the five services and the gateway, on servers that the tests started."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from deploy.local.ports import free_port
from deploy.local.process import Program, Running
from deploy.operate.calls import Calls
from deploy.operate.tenants import Area, Tenants
from deploy.operate.tokens import issue
from deploy.provision.run import Provisioned
from schemas.ids import new_id
from schemas.roles import Role
from schemas.topology import SERVICES
from tests.support import running
from tests.support.running import ROOT, Service

WARDS = tuple(Area(f"E0500216{digit}", f"Ward {digit}", "ward") for digit in range(3))


@dataclass(frozen=True)
class Council:
    """A council of the running system."""

    id: UUID
    slug: str
    areas: tuple[str, ...]


@dataclass
class StartedSystem:
    """Five services and the gateway. `services` may be killed and started again; the fixture stops what is left."""

    provisioned: Provisioned
    issuer: Path
    services: Mapping[str, Service]
    gateway: Service

    @property
    def url(self) -> str:
        """Where GraphQL is asked over HTTP."""
        return f"{self.gateway.url}/graphql"

    @property
    def live_url(self) -> str:
        """Where GraphQL subscriptions are opened over a websocket."""
        return self.url.replace("http", "ws", 1)

    def council(self, slug: str = "", areas: Iterable[Area] = WARDS, **settings: Any) -> Council:
        """Make a council; a new one's name is made up."""
        slug = slug or f"test-{new_id().hex}"
        councils, places = Tenants(self.provisioned.owner_url("platform")), tuple(areas)
        made = councils.create(slug, "Testshire", "E06000031", settings=settings)
        councils.import_areas(slug, places)
        return Council(made, slug, tuple(area.code for area in places))

    def token(self, council: Council | None, *roles: Role, person: UUID | None = None, hours: float = 1) -> str:
        """A token for a person (a new one unless given) of the council; None: of no council, for the host."""
        return issue(self.issuer, council.id if council else "*", person or new_id(), roles, hours=hours)

    def headers(self, council: Council, token: str | None = None) -> dict[str, str]:
        """The HTTP headers of a caller; without a token an anonymous one."""
        signed_in = {"Authorization": f"Bearer {token}"} if token else {}
        return {"X-Civic-Tenant": council.slug, **signed_in}

    def http(self, council: Council, token: str | None = None) -> httpx.AsyncClient:
        """A client that speaks as this caller; close it, or use it as a context."""
        return httpx.AsyncClient(base_url=self.gateway.url, headers=self.headers(council, token), timeout=30)

    def calls(self) -> Calls:
        """Calls to the services past the gateway, as operators make them; close it, or use it as a context."""
        return Calls(self.provisioned.amqp_url("operator"))


def make_gateway(provisioned: Provisioned, folder: Path, issuer: Path) -> Service:
    """A gateway, not started yet."""
    port = free_port()
    env = {
        "CIVIC_DATABASE_URL": provisioned.database_url("gateway"),
        "CIVIC_AMQP_URL": provisioned.amqp_url("gateway"),
        "CIVIC_JWKS_FILE": str(issuer / "jwks.json"),
        "CIVIC_ENVIRONMENT": "local",
        "CIVIC_HTTP_PORT": str(port),
        "PATH": os.environ["PATH"],
    }
    program = Program("gateway", (sys.executable, "-m", "gateway"), env, str(ROOT))
    return Service("gateway", port, Running(program, folder / "gateway.log", die_with_parent=True))


@contextmanager
def started_system(provisioned: Provisioned, issuer: Path, folder: Path, **settings: str) -> Iterator[StartedSystem]:
    """Start everything, wait until it is healthy, and stop it afterwards. `settings` go to every service."""
    services = {name: running.make(provisioned, folder, name, **settings) for name in SERVICES}
    gateway = make_gateway(provisioned, folder, issuer)
    with running.started(*services.values()), running.started(gateway):
        yield StartedSystem(provisioned, issuer, services, gateway)
