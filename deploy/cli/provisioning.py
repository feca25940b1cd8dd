"""The steps that containers run once before everything else; their secrets come from the environment."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.errors import DeployError
from deploy.local.account import write_private
from deploy.local.plan import Layout
from deploy.local.secrets import LOGINS, OWNERS, Secrets, ensure_issuer
from deploy.local.system import System
from deploy.provision import run
from schemas import topology


def _secrets() -> Secrets:
    """One password for each service at database and broker, one for the owners of schemas: `<NAME>_PASSWORD`."""

    def of(name: str) -> str:
        variable = f"{'OWNER' if name in OWNERS else name.upper()}_PASSWORD"
        try:
            return os.environ[variable]
        except KeyError:
            raise DeployError(f"{variable} is not set.", "deploy/docker/.env.example lists what is needed.") from None

    return Secrets({r: of(r) for r in LOGINS}, {u: of(u) for u in topology.USERS}, of("postgres"))


def definitions(folder: Annotated[Path, typer.Argument(help="Where the broker finds them.")]) -> None:
    """Write the broker's users, queues and configuration, for a RabbitMQ that is about to start."""
    write_private(folder / "definitions.json", json.dumps(topology.definitions(_secrets().rabbitmq)), mode=0o644)
    text = f"load_definitions = {folder}/definitions.json\n"
    write_private(folder / "civic.conf", text, mode=0o644)
    typer.echo("The broker's definitions are written.")


def provision() -> None:
    """Set up database and issuer: roles, schemas, migrations, keys. Safe to repeat.

    Reads DATABASE_URL (an administrator's), BROKER_ADDRESS (amqp://host:port/vhost), CIVIC_HOME and the passwords;
    CIVIC_KEYS is the folder where the gateway finds the public keys.
    """
    try:
        names = ("DATABASE_URL", "BROKER_ADDRESS", "CIVIC_HOME", "CIVIC_KEYS")
        admin, broker, home, keys = (os.environ[name] for name in names)
    except KeyError as error:
        raise DeployError(f"{error.args[0]} is not set.", "See docker-compose.yml.") from None
    layout = Layout(Path(home))
    layout.make()
    public = ensure_issuer(layout.issuer)
    write_private(Path(keys) / public.name, public.read_text(), mode=0o644)
    done = run.provision(admin, _secrets(), broker_address=broker, echo=typer.echo)
    ports = dict.fromkeys((*topology.SERVICES, "gateway"), 8000)
    System(done, ports, {"postgres": "given", "rabbitmq": "given"}).write(layout)
    typer.echo("Everything is set up.")
