"""`civic token`: a token to try things out with."""

from typing import Annotated
from uuid import UUID

import typer
from uuid_utils.compat import uuid7

from deploy.cli.context import layout
from deploy.cli.tenants import tenants
from deploy.operate.tokens import EVERY_TENANT, issue
from schemas.roles import Role


def token(
    tenant: Annotated[str, typer.Argument(help="A council's short name; \"*\" for the host's operator.")],
    role: Annotated[list[Role], typer.Option(help="Repeat for more.")],
    person: Annotated[UUID | None, typer.Option(help="Whose token; a new person's when left out.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="A community group they belong to; repeat for more.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, help="How long it holds.")] = 12.0,
) -> None:
    """Print a token of the local issuer, for the header `Authorization: Bearer …`."""
    where: UUID | str = EVERY_TENANT if tenant == EVERY_TENANT else tenants().get(tenant)["id"]
    who = person or UUID(str(uuid7()))
    typer.echo(issue(layout().issuer, where, who, role, groups=group or (), hours=hours))
