"""`civic deadletters`: messages that could not be handled."""

import base64
from collections.abc import Callable
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli.context import console, system
from deploy.errors import DeployError
from deploy.operate import deadletters
from deploy.operate.deadletters import DeadLetter

app = typer.Typer(help="Messages that could not be handled: look, try again, or drop.", no_args_is_help=True)
Queue = Annotated[str, typer.Argument(help="A queue, as `civic deadletters list` names it.")]
Ids = Annotated[list[str] | None, typer.Option("--id", help="Only the message with this id; repeat for more.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter of the queue.")]


def _url() -> str:
    return system().provisioned.amqp_url("operator")


def _known(queue: str) -> str:
    name = queue.removesuffix(".dead")
    if name not in deadletters.QUEUES:
        raise DeployError(f"There is no queue '{queue}'.", f"There are: {', '.join(deadletters.QUEUES)}.")
    return name


@app.command(name="list")
def list_(limit: Annotated[int, typer.Option(min=1, help="The most to show of each queue.")] = 20) -> None:
    """The dead letters of every queue, with the reason. They stay where they are."""
    counts = deadletters.counts(_url())
    if not any(counts.values()):
        console.print("There are no dead letters.")
        return
    table = Table("queue", "id", "type", "tries", "reason", "failed at", box=None, header_style="bold")
    for queue, count in counts.items():
        for letter in deadletters.look(_url(), queue, limit) if count else ():
            table.add_row(letter.queue, letter.id, letter.type, str(letter.attempts), letter.reason, letter.failed_at)
    console.print(table)
    for queue, count in counts.items():
        if count > limit:
            console.print(f"{queue}: {count - limit} more", highlight=False)


@app.command()
def show(
    queue: Queue,
    id: Annotated[str, typer.Argument(help="The message's id.")],  # noqa: A002 -- the word people read
    body: Annotated[bool, typer.Option("--body", help="Its content too, which may be personal.")] = False,
) -> None:
    """One dead letter."""
    name = _known(queue)
    letters = deadletters.look(_url(), name, deadletters.counts(_url())[name])
    letter = next((letter for letter in letters if letter.id == id), None)
    if letter is None:
        raise DeployError(f"{name} has no dead letter '{id}'.", "`civic deadletters list` shows those there are.")
    for label, value in (
        ("queue", letter.queue), ("id", letter.id), ("type", letter.type), ("tries", letter.attempts),
        ("failed at", letter.failed_at), ("reason", letter.reason), ("size", f"{len(letter.body)} bytes"),
    ):  # fmt: skip
        typer.echo(f"{label:>10}: {value}")
    if body:
        try:
            typer.echo(letter.body.decode())
        except UnicodeDecodeError:
            typer.echo(f"base64: {base64.b64encode(letter.body).decode()}")


@app.command()
def replay(queue: Queue, id: Ids = None, all: All = False) -> None:  # noqa: A002
    """Hand dead letters back to their queue, to be tried from the beginning."""
    done = deadletters.replay(_url(), _known(queue), _wanted(id, all))
    console.print(f"{done} handed back to {_known(queue)}.", highlight=False)


@app.command()
def drop(
    queue: Queue,
    id: Ids = None,  # noqa: A002
    all: All = False,  # noqa: A002
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Throw dead letters away, for good."""
    wanted = _wanted(id, all)
    if not yes:
        typer.confirm("They cannot be brought back. Drop them?", abort=True)
    done = deadletters.drop(_url(), _known(queue), wanted)
    console.print(f"{done} dropped from {_known(queue)}.", highlight=False)


def _wanted(ids: list[str] | None, every: bool) -> Callable[[DeadLetter], bool]:
    if bool(ids) == every:
        raise DeployError("Which dead letters?", "Give --id, once or more, or --all.")
    return lambda letter: every or letter.id in (ids or ())
