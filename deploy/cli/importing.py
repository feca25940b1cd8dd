"""`civic import`: bringing in what was collected elsewhere."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from deploy.cli.context import console, errors, system
from deploy.cli.tenants import tenants
from deploy.errors import DeployError
from deploy.importing.areas import Columns, read_geojson
from deploy.importing.indicators import read_indicator
from deploy.importing.mapping import read_mapping
from deploy.importing.margins import read_margins
from deploy.importing.rejects import RejectsFile
from deploy.importing.run import Import, Outcome, find_questionnaire
from deploy.importing.sources import open_source
from deploy.operate.calls import Calls, InternalError, explained
from deploy.operate.files import import_form, noted, read_form
from schemas.errors import CivicError
from schemas.rpc import surveys
from schemas.rpc.scoring import ImportAreaIndicator, import_area_indicator

SOME_REJECTED = 3
app = typer.Typer(help="Bring in what was collected elsewhere.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring in what was collected elsewhere."""


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Rows a second."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@app.command()
def responses(
    file: Annotated[Path, typer.Argument(help="A .csv file in UTF-8, or a .parquet file.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    questionnaire: Annotated[str, typer.Option(help="The questionnaire's short name; it must be published.")],
    mapping: Annotated[Path, typer.Option(help="A .toml or .json file: which column answers what.")],
    rejects: Annotated[Path | None, typer.Option(help="A CSV file to write: row, column, reason.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, send nothing.")] = False,
) -> None:
    """Bring a file of responses into a questionnaire; the same command again goes on where it stopped.

    Exit code 0: every row was taken; 3: some were rejected; 1: it did not work. docs/importing.md has an example.
    """
    meant = read_mapping(mapping)
    if rejects is not None and rejects.resolve() in (file.resolve(), mapping.resolve()):
        raise DeployError(f"{rejects} is not free for rejected rows.", "Give another name with --rejects.")
    with console.status(f"Looking through {file}"):
        source = open_source(file, meant.delimiter)
    council = tenants().get(tenant)["id"]
    with Calls(system().provisioned.amqp_url("operator")) as calls:
        try:
            form = find_questionnaire(calls, council, questionnaire, _say)
            job = Import(calls, council, form, meant, source, RejectsFile(rejects) if rejects else None)
            job.check()
            outcome = _run(job, dry_run=dry_run)
        except (CivicError, InternalError) as error:
            raise explained(error, "What was taken stays taken; the same command goes on from there.") from None
        except KeyboardInterrupt:
            errors.print("\nStopped. The same command goes on from there.", highlight=False)
            raise typer.Exit(1) from None
    _tell(job, outcome, dry_run=dry_run)
    if outcome.rejected:
        raise typer.Exit(SOME_REJECTED)


@app.command()
def areas(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="GeoJSON in longitudes and latitudes.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    level: Annotated[str, typer.Option(help="What kind of area they are, such as ward.")],
    code: Annotated[
        str | None, typer.Option("--code-property", help="The property with the code; found by its name: WD13CD, code.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name-property", help="The property with the name; found by its name: WD13NM, name.")
    ] = None,
    parent: Annotated[
        str | None, typer.Option("--parent-property", help="The property with the code of the area that each lies in.")
    ] = None,
    inside: Annotated[
        str | None, typer.Option("--parent", help="The code of the area that all of them lie in.")
    ] = None,
) -> None:
    """Add a council's areas with their shapes, or change those of the same code: all of the file, or nothing."""
    if parent and inside:
        raise DeployError("--parent and --parent-property do not go together.", "Leave one of them out.")
    council = tenants()
    found = read_geojson(file, level, Columns(code, name, parent, inside))
    council.require_parents(tenant, found)
    done = council.import_areas(tenant, found)
    _say(f"{tenant}: {done} areas of the level {level} added or brought up to date.")


@app.command()
def margins(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: people, area, attributes.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
) -> None:
    """Add a council's census margins, for weights and for who is still missing: all of the file, or nothing.

    A line counts people, by area (its code), by group (a column for each attribute, with the codes of the
    questionnaire), or by both; an empty field means everybody. Each file is a version; older ones stay.
    """
    council = tenants()
    counts = read_margins(file, council.area_codes(tenant))
    version = council.import_margins(tenant, counts)
    _say(f"{tenant}: {len(counts)} margins are version {version}.")


@app.command()
def indicators(
    file: Annotated[Path, typer.Argument(help="A .csv file in UTF-8 with the columns area, value and year.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    code: Annotated[str, typer.Option(help="The indicator's code, as frameworks name it.")],
    title: Annotated[str, typer.Option(help="Its name.")],
    source: Annotated[str, typer.Option(help="Who publishes it.")],
) -> None:
    """Bring in an indicator of areas from elsewhere as its next version: all of the file, or nothing."""
    values = read_indicator(file)
    council = tenants().get(tenant)["id"]
    with Calls(system().provisioned.amqp_url("operator")) as calls:
        try:
            request = ImportAreaIndicator(code, title, source, tuple(values))
            made = calls.call(import_area_indicator, request, council)
        except (CivicError, InternalError) as error:
            raise explained(error, "Nothing of the file was taken.") from None
    years = ", ".join(str(year) for year in made.years)
    _say(f"{made.code}, version {made.version}: {len(values):,} values of {made.areas:,} areas ({years}).")


def _run(job: Import, *, dry_run: bool) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(job.source.path.name, total=job.source.total)
        begun: list[int] = []

        def advance(done: int, total: int) -> None:
            if not begun:
                # what was taken by an earlier run is no work of this one: the rate begins here
                begun.append(done)
                progress.reset(task, completed=done, total=total)
            progress.update(task, completed=done, total=total)

        job.advance = advance
        job.say = _say
        return job.try_out() if dry_run else job.run()


def _say(text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _tell(job: Import, outcome: Outcome, *, dry_run: bool) -> None:
    if dry_run:
        _say(f"{outcome.total:,} rows read, {outcome.taken:,} could be sent. Nothing was sent.")
        _say("The questionnaire's own rules (answers that are needed, ranges, areas) are applied to what is sent.")
    elif outcome.was_done:
        _say(f"This file was imported before: {outcome.taken:,} of {outcome.total:,} rows. Nothing was changed.")
    else:
        _say(f"{outcome.taken:,} of {outcome.total:,} rows are taken, {outcome.taken_now:,} of them just now.")
    if outcome.rejected:
        _say(f"{outcome.rejected:,} rows were rejected" + (":" if job.seen else "."))
        for reject in job.seen:
            _say(f"  row {reject.row}, {reject.column or 'the row'}: {reject.reason}")
        if job.rejects is not None:
            _say(f"All of them are in {job.rejects.path}.")
        else:
            _say("Run it again with --rejects FILE to have all of them listed.")


@app.command()
def survey(
    file: Annotated[Path, typer.Argument(help="A form: an XLSForm as .xlsx or .csv, or LimeSurvey's .lss.")],
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    slug: Annotated[str, typer.Option(help="The short name that the questionnaire is to have.")],
    title: Annotated[str | None, typer.Option(help="What people see first; else what the file says.")] = None,
    language: Annotated[str, typer.Option(help="The language of words for which the file names none.")] = "en",
    revise: Annotated[bool, typer.Option("--revise", help="Put it in the place of the draft with this name.")] = False,
) -> None:
    """Make a draft questionnaire of a form, and say what it could not carry.

    Exit code 0: the draft is there; 1: the file does not do, and nothing was kept of it.
    """
    kind, content = read_form(file)
    request = surveys.ImportQuestionnaire(slug, kind, content, title, language, revise=revise)
    council = tenants().get(tenant)["id"]
    with Calls(system().provisioned.amqp_url("operator")) as calls, console.status(f"Reading {file}"):
        try:
            found = import_form(calls, council, request)
        except (CivicError, InternalError) as error:
            raise explained(error, "Nothing was kept of the file.") from None
    if isinstance(found, tuple):
        for line in found:
            errors.print(line, highlight=False, markup=False, soft_wrap=True)
        raise DeployError(f"{file} was not taken.", "Mend what is named, and send it again. Nothing was kept of it.")
    made = found.questionnaire
    asked = sum(len(section.items) for section in made.definition.sections)
    _say(f"{made.slug}, version {made.version}, is a draft with {asked:,} questions.")
    for quota in found.quotas:
        _say(f"  the file asks for a quota that the draft does not hold: {quota.name}, {quota.limit:,} responses")
    for note in found.notes:
        _say(f"  {noted(note)}")
