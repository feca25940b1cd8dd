"""Which council a request is for: by the header `X-Civic-Tenant`, or by the host name it was sent to."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from schemas.errors import Unavailable

log = structlog.get_logger()
REFRESH_SECONDS = 5.0
AREAS_SECONDS = 60.0
QUERY_SECONDS = 2.0
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


class TenantUnknown(Exception):
    """The request names no council that there is. The message is safe to show."""


class TenantSuspended(Exception):
    """The council is not served at present."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A council as the gateway knows it."""

    id: UUID
    slug: str
    name: str
    area_code: str
    active: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A place in a council, by its GSS code."""

    code: str
    name: str
    level: str
    parent: str | None


class Tenants:
    """All councils, read in the background; a database that is away leaves the last known ones in force."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._pool: asyncpg.Pool | None = None
        self._by_name: dict[str, Tenant] | None = None
        self._areas: dict[UUID, tuple[float, tuple[Area, ...]]] = {}
        self._read_at = 0.0
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the pool, without needing the database yet, and begin to read."""
        self._pool = await asyncpg.create_pool(
            self._url, min_size=0, max_size=3, command_timeout=QUERY_SECONDS, timeout=QUERY_SECONDS
        )
        self._task = asyncio.create_task(self._keep(), name="tenants")

    async def stop(self) -> None:
        """Stop reading and close the pool."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._pool is not None:
            self._pool.terminate()

    async def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            async with asyncio.timeout(QUERY_SECONDS):
                return bool(self._pool and await self._pool.fetchval("SELECT 1") == 1)
        except AWAY:
            return False

    async def _keep(self) -> None:
        while True:
            with suppress(Unavailable):
                await self._read(since=monotonic())
            await asyncio.sleep(REFRESH_SECONDS)

    async def _read(self, since: float) -> None:
        async with self._lock:
            # those who waited for the lock share the reading that was begun after they came
            if self._pool is None or self._read_at > since:
                return
            begun = monotonic()
            try:
                async with asyncio.timeout(QUERY_SECONDS):
                    rows = await self._pool.fetch(
                        "SELECT id, slug, name, area_code, hosts, status FROM platform.tenants"
                    )
            except AWAY as error:
                log.warning("councils not readable", error=type(error).__name__)
                raise Unavailable("the councils cannot be looked up at present; try again in a moment") from None
            by_name: dict[str, Tenant] = {}
            for row in rows:
                # asyncpg's UUID is a subclass that other libraries serialise differently
                id_ = UUID(int=row["id"].int)
                tenant = Tenant(id_, row["slug"], row["name"], row["area_code"], row["status"] == "active")
                by_name[f"slug:{tenant.slug}"] = by_name[f"host:{tenant.slug}.localhost"] = tenant
                by_name.update({f"host:{host.lower()}": tenant for host in row["hosts"]})
            self._by_name, self._read_at = by_name, begun

    async def find(self, slug: str | None, host: str | None) -> Tenant:
        """The council of a request. Raises TenantUnknown, TenantSuspended, Unavailable."""
        name = host.rpartition(":")[0] if host and ":" in host and not host.endswith("]") else host
        key = f"slug:{slug}" if slug else f"host:{(name or '').lower()}"
        tenant = (self._by_name or {}).get(key)
        if tenant is None:
            # a council made a moment ago is found; a stream of wrong names waits for one reading at a time
            try:
                await self._read(since=monotonic())
            except Unavailable:
                if self._by_name is None:
                    raise
            tenant = (self._by_name or {}).get(key)
        if tenant is None:
            raise TenantUnknown("say which council this is for: send its short name in the header X-Civic-Tenant")
        if not tenant.active:
            raise TenantSuspended("this council is not being served at present")
        return tenant

    async def areas(self, tenant: UUID) -> tuple[Area, ...]:
        """The council's areas in the order of their codes. Raises Unavailable."""
        known = self._areas.get(tenant)
        if known is not None and monotonic() - known[0] < AREAS_SECONDS:
            return known[1]
        try:
            if self._pool is None:
                raise TimeoutError
            async with asyncio.timeout(QUERY_SECONDS):
                rows = await self._pool.fetch(
                    "SELECT code, name, level, parent FROM platform.areas WHERE tenant_id = $1 ORDER BY code", tenant
                )
        except AWAY:
            if known is not None:
                return known[1]
            raise Unavailable("the areas cannot be looked up at present; try again in a moment") from None
        areas = tuple(Area(r["code"], r["name"], r["level"], r["parent"]) for r in rows)
        self._areas[tenant] = (monotonic(), areas)
        return areas
