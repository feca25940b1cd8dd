"""Which database server and which broker are used: those given, containers, or private instances, in this order."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import DeployError
from deploy.local.docker import compose_answers, project_name
from deploy.local.plan import Layout
from deploy.local.ports import HOST, answers_amqp
from deploy.local.postgres import PostgresServer
from deploy.local.process import Program, wait_until
from deploy.local.rabbitmq import RabbitMQServer, ensure_installed
from deploy.local.secrets import Secrets
from deploy.provision.postgres import with_database
from schemas import topology

COMPOSE_FILE = Path(__file__).resolve().parents[1] / "docker" / "servers.yml"
Echo = Callable[[str], None]


@dataclass(frozen=True)
class Servers:
    """Where the servers are, and what must be started for them."""

    admin_url: str
    broker_address: str
    given_amqp_url: str
    programs: tuple[Program, ...]
    kinds: Mapping[str, str]
    """"given", "docker" or "private", of "postgres" and "rabbitmq"."""


def choose(layout: Layout, secrets: Secrets, environ: Mapping[str, str], echo: Echo, *, in_use: bool) -> Servers:
    """Settle on servers. `in_use`: ours may run already, so their ports stay. Raises DeployError."""
    database, broker = environ.get("DATABASE_URL", ""), environ.get("AMQP_URL", "")
    missing = [name for name, url in (("postgres", database), ("rabbitmq", broker)) if not url]
    if missing and compose_answers():
        found = _containers(layout, secrets, missing, echo)
        return Servers(
            admin_url=database or found["postgres"],
            broker_address=found.get("rabbitmq", ""),
            given_amqp_url=broker,
            programs=(),
            kinds={n: "docker" if n in missing else "given" for n in ("postgres", "rabbitmq")},
        )
    programs: list[Program] = []
    address = ""
    if not database:
        postgres = PostgresServer(layout.folder, secrets.postgres_admin)
        programs.append(postgres.prepare(in_use=in_use))
        database = postgres.admin_url
        _tell_where(postgres.folder, layout, echo)
    if not broker:
        ensure_installed(echo)
        rabbitmq = RabbitMQServer(layout.folder, secrets.rabbitmq)
        programs += rabbitmq.prepare(in_use=in_use)
        address = rabbitmq.url("operator")
    kinds = {n: "private" if n in missing else "given" for n in ("postgres", "rabbitmq")}
    return Servers(database, address, broker, tuple(programs), kinds)


def _tell_where(folder: Path, layout: Layout, echo: Echo) -> None:
    if layout.folder.absolute() not in folder.absolute().parents:
        echo(f"The servers' account cannot enter {layout.folder}: their data are in {folder.parent}")


def _containers(layout: Layout, secrets: Secrets, wanted: list[str], echo: Echo) -> dict[str, str]:
    """Start the wanted servers as containers on ports of the loopback interface; give their addresses."""
    echo(f"Starting {' and '.join(wanted)} with Docker")
    env = {"CIVIC_POSTGRES_PASSWORD": secrets.postgres_admin}
    compose(layout, "up", "--detach", "--wait", *wanted, env=env)
    found: dict[str, str] = {}
    if "postgres" in wanted:
        address = compose(layout, "port", "postgres", "5432", env=env).strip()
        found["postgres"] = with_database(f"postgresql://{address}", "postgres", "postgres", secrets.postgres_admin)
    if "rabbitmq" in wanted:
        definitions = json.dumps(topology.definitions(secrets.rabbitmq))
        load = ("exec", "-T", "rabbitmq", "rabbitmqctl", "import_definitions", "--format", "json")
        compose(layout, *load, env=env, stdin=definitions)
        port = compose(layout, "port", "rabbitmq", "5672", env=env).strip().rpartition(":")[2]
        if not wait_until(lambda: answers_amqp(int(port)), 60, pause=0.2):
            raise DeployError("RabbitMQ does not answer in its container.", "See `docker compose logs rabbitmq`.")
        found["rabbitmq"] = f"amqp://{HOST}:{port}/{topology.VHOST}"
    return found


def compose(layout: Layout, *arguments: str, env: Mapping[str, str], stdin: str = "") -> str:
    """Run docker compose on our servers' file, under a project name of this installation's own."""
    command = ["docker", "compose", "--project-name", project_name(layout.folder), "--file", str(COMPOSE_FILE)]
    done = subprocess.run(
        [*command, *arguments], env={**os.environ, **env}, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DeployError(f"docker compose {arguments[0]} failed:", " / ".join(done.stderr.strip().splitlines()[-3:]))
    return done.stdout
