"""Starting a program and, later, ending exactly that one: never another that got the same number."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.account import Account

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """What to start, as whom, and how to ask it to stop."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    grace: float = 20.0
    ready: str = ""
    """`tcp://host:port` or `http://…` that answers once it is up; empty when running is enough."""
    stage: int = 0
    """What has a lower stage must be up before this starts, and stops after it."""


@dataclass(frozen=True)
class Identity:
    """A process for good: its number, and when it started, since numbers are used again."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """The process that has this number now; None when there is none, or only its remains."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Identity(pid, _started(process))
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None


def _started(process: psutil.Process) -> str:
    if not sys.platform.startswith("linux"):
        return f"{process.create_time():.2f}"
    # Ticks since boot do not move when the clock is set, and the boot id tells one boot from the next
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return f"{_boot_id()}:{fields[19]}"


def _boot_id() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    return ""


def alive(identity: Identity) -> bool:
    """Whether exactly this process still runs."""
    return identify(identity.pid) == identity


def spawn(program: Program, log: Path, *, die_with_parent: bool = False) -> subprocess.Popen[bytes]:
    """Start `program` in a session of its own, writing to `log`.

    It appends to the file itself, through no pipe of ours, so that it outlives us unharmed. `die_with_parent` (Linux)
    has the kernel kill it when the starting thread ends: for tests, which must leave nothing behind however they end.
    """
    account = program.account
    log.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            program.argv,
            env=dict(program.env),
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_tie_to_parent if die_with_parent and sys.platform.startswith("linux") else None,  # noqa: PLW1509
        )
    finally:
        os.close(handle)


def _tie_to_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def stop(identity: Identity, sign: int = signal.SIGTERM, grace: float = 20.0) -> bool:
    """Ask the process to end, and after `grace` seconds end it and what it started. True when it went by itself."""
    if not alive(identity):
        return True
    family = descendants(identity)
    with contextlib.suppress(ProcessLookupError):
        os.kill(identity.pid, sign)
    if wait_until(lambda: not alive(identity), grace):
        return True
    kill(identity, *family)
    return False


def descendants(identity: Identity) -> list[Identity]:
    """The processes that this one started, and theirs, as of now."""
    try:
        children = psutil.Process(identity.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [known for child in children if (known := identify(child.pid))]


def kill(*identities: Identity) -> None:
    """End the processes at once, as `kill -9` does, and wait until they are gone."""
    for identity in identities:
        if alive(identity):
            with contextlib.suppress(ProcessLookupError):
                os.kill(identity.pid, signal.SIGKILL)
    for identity in identities:
        wait_until(lambda one=identity: not alive(one), 10)  # type: ignore[misc]


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Whether `condition` came true within `seconds`; it is looked at every `pause` seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@dataclass
class Running:
    """A program that this process started itself: the part that PostgreSQL and RabbitMQ have in common."""

    program: Program
    log: Path
    die_with_parent: bool = False
    popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    identity: Identity | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.is_running():
            return
        self.popen = spawn(self.program, self.log, die_with_parent=self.die_with_parent)
        self.identity = identify(self.popen.pid)

    def is_running(self) -> bool:
        """Whether it runs now."""
        return self.popen is not None and self.popen.poll() is None

    def stop(self) -> None:
        """Stop it as it wishes to be stopped."""
        if self.identity is not None:
            self._reap(lambda identity: stop(identity, self.program.stop_signal, self.program.grace))

    def kill(self) -> None:
        """End it and its children as `kill -9` does."""
        if self.identity is not None:
            self._reap(lambda identity: kill(identity, *descendants(identity)))

    def _reap(self, end: Callable[[Identity], object]) -> None:
        if self.identity is None or self.popen is None:
            return
        end(self.identity)
        self.popen.wait(timeout=10)
        self.popen, self.identity = None, None
