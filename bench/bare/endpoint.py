"""A hand-written endpoint for figures by area: Starlette and asyncpg, the product's SQL, and nothing else.

`python -m bench.bare.endpoint PORT`; the database's address is in BARE_DATABASE_URL.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

UNIT = 10**12
_VERSION = "SELECT version FROM framework_versions WHERE framework_id = $1 AND status = 'live'"
_FIGURES = """
    SELECT area, category, measure, n, total, hidden, released_at FROM figures
    WHERE tenant_id = $1 AND framework_id = $2 AND version = $3 AND attribute = $4 AND area <> ''
    ORDER BY area, category, measure LIMIT $5
"""


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        os.environ["BARE_DATABASE_URL"], min_size=10, max_size=10, server_settings={"search_path": "scoring"}
    ) as pool:
        app.state.pool = pool
        yield


async def figures(request: Request) -> Response:
    """The figures of a framework, as the service's own role under row-level security."""
    tenant, framework = UUID(request.query_params["tenant"]), UUID(request.query_params["framework"])
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT set_config('app.tenant', $1, true)", str(tenant))
        version = await connection.fetchval(_VERSION, framework)
        rows = await connection.fetch(_FIGURES, tenant, framework, version, "", 101)
    found = [
        {
            "area": None if row["area"] == "*" else row["area"],
            "measure": row["measure"],
            "suppressed": row["hidden"],
            "n": None if row["hidden"] else row["n"],
            "score": None if row["hidden"] else float(row["total"] / row["n"]) / UNIT,
        }
        for row in rows[:100]
    ]
    return Response(msgspec.json.encode({"figures": found}), media_type="application/json")


async def health(_: Request) -> Response:
    """It is there."""
    return Response(b"{}", media_type="application/json")


app = Starlette(routes=[Route("/figures", figures), Route("/health", health)], lifespan=_lifespan)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
