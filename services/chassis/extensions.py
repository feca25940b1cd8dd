"""nameko extensions that give a service its database and the headers of the call in hand."""

from typing import Any

from nameko.extensions import DependencyProvider, SharedExtension

from services.chassis.config import settings
from services.chassis.database import Database


class DatabaseExtension(SharedExtension):  # type: ignore[misc]  # nameko has no types
    """The one database of a container, shared by all that need it; closed last."""

    database: Database

    def setup(self) -> None:
        """Make the engine; nothing is connected yet."""
        self.database = Database(settings().database_url, self.container.service_name, settings().workers)

    def stop(self) -> None:
        """Give the connections back."""
        self.database.close()


class DatabaseProvider(DependencyProvider):  # type: ignore[misc]
    """`self.database` of a service."""

    shared = DatabaseExtension()

    def get_dependency(self, _worker_ctx: Any) -> Database:
        """The container's database."""
        return self.shared.database


class HeadersProvider(DependencyProvider):  # type: ignore[misc]
    """`self.headers` of a service: what the caller's message headers said (tenant, actor, traceparent)."""

    def get_dependency(self, worker_ctx: Any) -> dict[str, Any]:
        """The headers without nameko's prefix."""
        return dict(worker_ctx.data)
