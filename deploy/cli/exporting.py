"""`civic export`: what is here, for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.context import console, system
from deploy.cli.tenants import tenants
from deploy.errors import DeployError
from deploy.operate.calls import OPERATOR, Calls, InternalError, explained
from deploy.operate.files import SECONDS
from schemas.errors import CivicError
from schemas.rpc import surveys

app = typer.Typer(help="Bring out what is here, for other tools.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring out what is here, for other tools."""


@app.command()
def survey(
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    slug: Annotated[str, typer.Option(help="The questionnaire's short name.")],
    out: Annotated[Path | None, typer.Option(help="The .xlsx file to write; else SLUG-VERSION.xlsx here.")] = None,
) -> None:
    """Write a questionnaire's latest version as an XLSForm."""
    council = tenants().get(tenant)["id"]
    with Calls(system().provisioned.amqp_url("operator")) as calls:
        try:
            found = calls.call(surveys.questionnaire_by_slug, surveys.BySlug(slug), council, OPERATOR)
            file = calls.call(
                surveys.export_questionnaire, surveys.ExportQuestionnaire(found.id), council, OPERATOR, SECONDS
            )
        except (CivicError, InternalError) as error:
            raise explained(error, "Nothing was written.") from None
    target = out or Path(file.name)
    try:
        target.write_bytes(file.content)
    except OSError as error:
        raise DeployError(f"{target} cannot be written: {error.strerror}.", "Give another name with --out.") from None
    console.print(f"{slug}, version {found.version}, is in {target}.", highlight=False, soft_wrap=True)
