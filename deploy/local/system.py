"""The whole system on this machine: up, down, and where everything is."""

import fcntl
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from deploy.errors import DeployError
from deploy.local.account import data_folder, unprivileged, write_private
from deploy.local.docker import compose_answers
from deploy.local.plan import Layout, State, marked_processes, read_plan, write_plan
from deploy.local.ports import HOST, answers, answers_amqp, remembered
from deploy.local.process import Program, alive, identify, kill, spawn, stop, wait_until
from deploy.local.secrets import Secrets, ensure_issuer
from deploy.local.servers import Servers, choose, compose
from deploy.provision.run import Provisioned, provision
from schemas.topology import SERVICES

ROOT = Path(__file__).resolve().parents[2]
GATEWAY_PORT = 8000
Echo = Callable[[str], None]
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "CIVIC_LOG_FORMAT", "CIVIC_LOG_LEVEL", "CIVIC_SMTP_HOST",
             "CIVIC_SMTP_PORT", "CIVIC_SMTP_FROM")  # fmt: skip


@dataclass(frozen=True)
class System:
    """Where everything is, and how to sign in there."""

    provisioned: Provisioned
    ports: Mapping[str, int]
    kinds: Mapping[str, str]

    @property
    def gateway_url(self) -> str:
        """The gateway's address."""
        return f"http://{HOST}:{self.ports['gateway']}"

    def health_url(self, name: str) -> str:
        """Where a service, or the gateway, tells how it is."""
        return f"http://{HOST}:{self.ports[name]}/health"

    @classmethod
    def read(cls, layout: Layout) -> Self:
        """The system that was last brought up. Raises DeployError when there was none."""
        try:
            raw = json.loads(layout.system.read_text())
        except FileNotFoundError:
            raise DeployError("Nothing has been set up here yet.", "Start it with `make up`.") from None
        return cls(Provisioned(**raw["provisioned"]), raw["ports"], raw["kinds"])

    def write(self, layout: Layout) -> None:
        """Keep it for the operator's commands; it holds passwords."""
        write_private(layout.system, json.dumps(asdict(self), indent=1))


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """One `up` or `down` at a time."""
    layout.make()
    with (layout.plan.parent / "command.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up(layout: Layout, environ: Mapping[str, str] = os.environ, echo: Echo = print, *, tied: bool = False) -> System:
    """Start what does not run, wait until all of it is healthy. Safe to repeat; data stay. Raises DeployError.

    `tied` has everything end with this process, however it ends: for tests.
    """
    with _alone(layout):
        running = State.read(layout).any_alive
        secrets = Secrets.load(layout.secrets)
        jwks = ensure_issuer(layout.issuer)
        servers = choose(layout, secrets, environ, echo, in_use=running)
        # Services that run go on; those that do not wait until the database is set up for them
        others = [p for p in read_plan(layout) if running and p.stage > 2]
        write_plan(layout, [*servers.programs, *others])
        ensure_supervisor(layout, tied=tied)
        _await_servers(layout, servers, echo)
        provisioned = provision(
            servers.admin_url,
            secrets,
            broker_address=servers.broker_address,
            given_amqp_url=servers.given_amqp_url,
            echo=echo,
        )
        names = (*SERVICES, "gateway")
        ports = remembered(layout.plan.parent / "ports.json", *names, wanted={"gateway": GATEWAY_PORT}, in_use=running)
        system = System(provisioned, ports, servers.kinds)
        system.write(layout)
        write_plan(layout, [*servers.programs, *_programs(system, jwks, environ)])
        ensure_supervisor(layout, tied=tied)
        _await_health(layout, system, echo)
        return system


def _programs(system: System, jwks: Path, environ: Mapping[str, str]) -> Iterator[Program]:
    for name in (*SERVICES, "gateway"):
        env = {key: environ[key] for key in PASSED_ON if key in environ} | {
            "PYTHONUNBUFFERED": "1",
            "CIVIC_DATABASE_URL": system.provisioned.database_url(name),
            "CIVIC_AMQP_URL": system.provisioned.amqp_url(name),
            "CIVIC_HTTP_HOST": HOST,
            "CIVIC_HTTP_PORT": str(system.ports[name]),
        }
        module = f"services.{name}"
        if name == "gateway":
            module = name
            env |= {"CIVIC_JWKS_FILE": str(jwks.absolute()), "CIVIC_ENVIRONMENT": "local"}
        yield Program(
            name=name,
            argv=(sys.executable, "-m", module),
            env=env,
            cwd=str(ROOT),
            ready=system.health_url(name),
            stage=4 if name == "gateway" else 3,
        )


def ensure_supervisor(layout: Layout, *, tied: bool = False) -> None:
    """Have a supervisor carry out the plan: the one that runs, or a new one; see `up` for `tied`."""
    state = State.read(layout)
    if state.is_supervised and state.supervisor is not None:
        os.kill(state.supervisor.pid, signal.SIGHUP)
        return
    argv = (
        sys.executable,
        "-m",
        "deploy.local.supervisor",
        str(layout.folder.absolute()),
        *(("--tied",) if tied else ()),
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    popen = spawn(Program("supervisor", argv, env, str(ROOT)), layout.log("supervisor"), die_with_parent=tied)
    if not wait_until(lambda: popen.poll() is not None or State.read(layout).is_supervised, 20):
        raise DeployError("The supervisor does not start.", f"Its log is {layout.log('supervisor')}")
    if popen.poll() is not None and not State.read(layout).is_supervised:
        raise DeployError("The supervisor stopped at once.", f"Its log is {layout.log('supervisor')}")
    popen.returncode = popen.returncode or 0  # it is meant to outlive us: nobody is to wait for it


def _await_servers(layout: Layout, servers: Servers, echo: Echo) -> None:
    for program in servers.programs:
        if program.name == "rabbitmq":
            echo("Waiting for RabbitMQ (some seconds)")
        port = int(program.ready.rpartition(":")[2])

        def ready(program: Program = program, port: int = port) -> bool:
            return answers_amqp(port) if program.name == "rabbitmq" else answers(program.ready)

        if not wait_until(ready, 120):
            raise DeployError(f"{program.name} does not answer.", f"Its log is {layout.log(program.name)}")


def _await_health(layout: Layout, system: System, echo: Echo) -> None:
    for name in (*SERVICES, "gateway"):
        echo(f"Waiting for {name} to be healthy")
        if not wait_until(lambda name=name: answers(system.health_url(name), 3), 90, pause=0.2):  # type: ignore[misc]
            last = layout.log(name).read_text(errors="replace").strip().rpartition("\n")[2]
            raise DeployError(f"{name} is not healthy.", f"It said last: {last[-300:]} (the log: {layout.log(name)})")


def down(layout: Layout, echo: Echo = print) -> bool:
    """Stop exactly what `up` started, in order, orphans included; data stay. Whether anything ran."""
    if not layout.plan.parent.exists():
        return False
    with _alone(layout):
        state = State.read(layout)
        ran = state.any_alive
        if state.is_supervised and state.supervisor is not None:
            echo("Stopping")
            stop(state.supervisor, grace=150)
        programs = {program.name: program for program in read_plan(layout)}
        state = State.read(layout)
        left = {name: process for name, process in state.processes.items() if process.is_alive}
        for name in sorted(left, key=lambda name: -programs[name].stage if name in programs else 0):
            echo(f"Stopping {name}, which had lost its supervisor")
            program = programs.get(name)
            stop(left[name].identity, *((program.stop_signal, program.grace) if program else ()))
        me = identify(os.getpid())
        strays = [identity for identity in marked_processes(layout) if identity != me and alive(identity)]
        kill(*strays)
        State().write(layout)
        if _uses_docker(layout):
            echo("Stopping the containers")
            compose(layout, "stop", env={"CIVIC_POSTGRES_PASSWORD": "-"})
        return ran or bool(strays)


def _uses_docker(layout: Layout) -> bool:
    return layout.system.exists() and "docker" in System.read(layout).kinds.values() and compose_answers()


def clean(layout: Layout, echo: Echo = print) -> None:
    """Stop everything and remove all data of this installation."""
    down(layout, echo)
    if _uses_docker(layout):
        compose(layout, "down", "--volumes", env={"CIVIC_POSTGRES_PASSWORD": "-"})
    servers = data_folder(layout.folder, unprivileged("postgres")) if layout.folder.exists() else layout.folder
    for folder in {servers, layout.folder}:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise DeployError(f"{folder} could not be removed.", "Remove it as the user who started the system.")
