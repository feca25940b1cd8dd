"""What the supervisor is to run (the plan) and what it runs (the state): two small files, replaced at one stroke."""

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import psutil

from deploy.local.account import Account, write_private
from deploy.local.process import Identity, Program, alive, identify

MARK = "CIVIC_INSTALLATION"
"""In the environment of every process that we start: the folder of the installation it belongs to."""


@dataclass(frozen=True)
class Layout:
    """Where an installation keeps its things: `.local` of a checkout, or another folder."""

    folder: Path

    @property
    def plan(self) -> Path:
        """What is to run."""
        return self.folder / "run" / "plan.json"

    @property
    def state(self) -> Path:
        """What runs."""
        return self.folder / "run" / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor."""
        return self.folder / "run" / "supervisor.lock"

    @property
    def logs(self) -> Path:
        """A log for each process."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """Passwords."""
        return self.folder / "secrets.json"

    @property
    def issuer(self) -> Path:
        """The signing key of the local issuer of tokens."""
        return self.folder / "issuer"

    @property
    def system(self) -> Path:
        """Where everything is and how to sign in there, for the operator's commands."""
        return self.folder / "run" / "system.json"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Make the folders; nobody else looks into them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self.plan.parent, self.logs):
            path.mkdir(exist_ok=True, mode=0o700)


@dataclass(frozen=True)
class Process:
    """A supervised process as it is now."""

    identity: Identity
    digest: str
    restarts: int = 0
    since: float = field(default_factory=time.time)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return alive(self.identity)


@dataclass(frozen=True)
class State:
    """Who supervises, and what runs by name."""

    supervisor: Identity | None = None
    processes: dict[str, Process] = field(default_factory=dict)

    @classmethod
    def read(cls, layout: Layout) -> Self:
        """The last state written; empty when there is none."""
        try:
            raw = json.loads(layout.state.read_text())
        except FileNotFoundError:
            return cls()
        processes = {
            name: Process(**{**entry, "identity": Identity(**entry["identity"])})
            for name, entry in raw["processes"].items()
        }
        return cls(Identity(**raw["supervisor"]) if raw["supervisor"] else None, processes)

    def write(self, layout: Layout) -> None:
        """Replace the file at one stroke."""
        write_private(layout.state, json.dumps(asdict(self)))

    @property
    def is_supervised(self) -> bool:
        """Whether the supervisor lives."""
        return self.supervisor is not None and alive(self.supervisor)

    @property
    def any_alive(self) -> bool:
        """Whether anything of ours still runs, supervised or orphaned."""
        return self.is_supervised or any(process.is_alive for process in self.processes.values())


def digest(program: Program) -> str:
    """Tells whether two programs are the same in every respect."""
    return hashlib.sha256(json.dumps(asdict(program), sort_keys=True).encode()).hexdigest()[:16]


def read_plan(layout: Layout) -> list[Program]:
    """The programs to run, lowest stage first; none when nothing is planned."""
    try:
        raw: list[dict[str, Any]] = json.loads(layout.plan.read_text())
    except FileNotFoundError:
        return []
    return [
        Program(**{**entry, "argv": tuple(entry["argv"]), "account": Account(**a) if (a := entry["account"]) else None})
        for entry in raw
    ]


def write_plan(layout: Layout, programs: Iterable[Program]) -> None:
    """Set what is to run, each marked as belonging to this installation. It holds passwords: only we read it."""
    marked = [replace(p, env={**p.env, MARK: str(layout.folder.absolute())}) for p in programs]
    ordered = sorted(marked, key=lambda program: program.stage)
    write_private(layout.plan, json.dumps([asdict(program) for program in ordered]))


def marked_processes(layout: Layout) -> list[Identity]:
    """Every process that carries this installation's mark, whether or not the state knows it."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get(MARK) == str(layout.folder.absolute())
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
        if ours and (identity := identify(process.pid)) is not None:
            found.append(identity)
    return found
