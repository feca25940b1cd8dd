"""`civic export`: what is here, for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.context import console, system
from deploy.cli.tenants import tenants
from deploy.errors import DeployError
from deploy.exporting.columns import columns, values
from deploy.exporting.writers import writing
from deploy.operate.calls import OPERATOR, Calls, InternalError, explained
from deploy.operate.files import SECONDS
from schemas.errors import CivicError
from schemas.rpc import surveys

PAGE = 1_000
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


@app.command()
def responses(
    file: Annotated[Path, typer.Argument(help="The .csv, .parquet or .sav (SPSS) file to write.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    questionnaire: Annotated[str, typer.Option(help="The questionnaire's short name.")],
    purpose: Annotated[str, typer.Option(help="What the answers are to be used for; only who agreed to it is in it.")],
) -> None:
    """Write the responses of people who agreed to a purpose, row by row, without words and places."""
    council = tenants().get(tenant)["id"]
    written = 0
    with Calls(system().provisioned.amqp_url("operator")) as calls:
        try:
            found = calls.call(surveys.questionnaire_by_slug, surveys.BySlug(questionnaire), council, OPERATOR)
            request = surveys.ExportResponses(found.id, purpose, PAGE)
            page = calls.call(surveys.export_responses, request, council, OPERATOR)
            asked = columns(found.definition)
            with writing(file, asked) as writer:
                while True:
                    writer.write([values(asked, row) for row in page.rows])
                    written += len(page.rows)
                    if page.after is None:
                        break
                    request = surveys.ExportResponses(found.id, purpose, PAGE, page.after)
                    page = calls.call(surveys.export_responses, request, council, OPERATOR)
        except (CivicError, InternalError) as error:
            raise explained(error, "Nothing was written.") from None
    console.print(f"{written:,} responses are in {file}.", highlight=False, soft_wrap=True)
    if page.left_out:
        console.print(f"Left out, since they are words or places: {', '.join(page.left_out)}.", soft_wrap=True)
