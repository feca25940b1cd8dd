"""`python -m deploy.local.supervisor FOLDER`: keeps the planned programs running until it is told to stop.

SIGHUP reads the plan again; SIGTERM stops everything, last stage first. A program that dies, whatever the cause, comes
back after a delay that grows while it keeps dying. When the supervisor itself is killed, the programs go on; the next
supervisor finds them in the state file by number and start time and takes them over.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.local.plan import Layout, Process, State, digest, read_plan
from deploy.local.ports import answers
from deploy.local.process import Identity, Program, alive, identify, kill, spawn, stop, wait_until

TICK = 0.1
FIRST_DELAY, LONGEST_DELAY = 0.2, 30.0
STEADY = 30.0
"""Seconds of running after which a death counts as the first again."""
LOG_LIMIT, LOGS_KEPT = 10 * 2**20, 3


@dataclass
class Child:
    """A program and what became of it."""

    program: Program
    process: Process | None = None
    popen: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    delay: float = FIRST_DELAY
    due: float = 0.0
    is_ready: bool = False

    def runs(self) -> bool:
        """Whether it runs; collects its remains if not."""
        if self.popen is not None:
            return self.popen.poll() is None
        return self.process is not None and alive(self.process.identity)


class Supervisor:
    """See the module."""

    def __init__(self, layout: Layout, *, tied: bool = False) -> None:
        self._layout = layout
        self._tied = tied
        self._children: dict[str, Child] = {}
        self._wake = threading.Event()
        self._stopping = self._reload = False
        self._me = identify(os.getpid())

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT."""
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._on_signal)
        self._load(State.read(self._layout).processes)
        while not self._stopping:
            if self._reload:
                self._reload = False
                self._load({})
            self._look()
            self._wake.wait(TICK)
        self._stop(list(self._children.values()))
        self._children.clear()
        self._save()

    def _on_signal(self, number: int, _frame: object) -> None:
        if number == signal.SIGHUP:
            self._reload = True
        else:
            self._stopping = True
            self._wake.set()

    def _load(self, orphans: dict[str, Process]) -> None:
        """Take on the plan: adopt what already runs as planned, end what runs otherwise or is planned no more."""
        wanted = {program.name: program for program in read_plan(self._layout)}
        for name, process in orphans.items():
            # an orphan of an older plan ends as gently as what we know of it allows
            if process.is_alive:
                program = wanted.get(name) or Program(name, (), {}, "/")
                self._children[name] = Child(program, process)
                self._say(f"{name}: found running as {process.identity.pid}")
        kept = {
            name: child
            for name, child in self._children.items()
            if name in wanted and (child.process is None or child.process.digest == digest(wanted[name]))
        }
        self._stop([child for name, child in self._children.items() if name not in kept])
        self._children = {name: kept.get(name) or Child(program) for name, program in wanted.items()}
        self._save()

    def _look(self) -> None:
        for child in self._children.values():
            if child.process is not None and not child.runs():
                self._bury(child)
            if child.process is None and time.monotonic() >= child.due and self._may_start(child):
                self._start(child)
            if child.process is not None and not child.is_ready:
                ready = child.program.ready
                child.is_ready = not ready.startswith("tcp:") or answers(ready, 0.2)
            rotate(self._layout.log(child.program.name))

    def _may_start(self, child: Child) -> bool:
        return all(
            other.is_ready or other.restarts  # what only died for a moment holds nobody up
            for other in self._children.values()
            if other.program.stage < child.program.stage
        )

    def _start(self, child: Child) -> None:
        name = child.program.name
        try:
            child.popen = spawn(child.program, self._layout.log(name), die_with_parent=self._tied)
        except OSError as error:
            self._say(f"{name}: does not start: {error}")
            self._postpone(child)
            return
        identity = identify(child.popen.pid) or Identity(child.popen.pid, "")
        child.process = Process(identity, digest(child.program), child.restarts)
        self._save()
        self._say(f"{name}: started as {identity.pid}")

    def _bury(self, child: Child) -> None:
        if child.process is None:
            return
        code = child.popen.returncode if child.popen is not None else None
        if time.time() - child.process.since > STEADY:
            child.delay = FIRST_DELAY
        child.process = child.popen = None
        child.is_ready = False
        self._postpone(child)
        self._say(f"{child.program.name}: ended ({'adopted' if code is None else code}), starts again")
        self._save()

    def _postpone(self, child: Child) -> None:
        child.restarts += 1
        child.due = time.monotonic() + child.delay
        child.delay = min(child.delay * 2, LONGEST_DELAY)

    def _stop(self, children: list[Child]) -> None:
        """Stop the highest stage first; what shares a stage is asked together."""
        for stage in sorted({child.program.stage for child in children}, reverse=True):
            together = [child for child in children if child.program.stage == stage]
            threads = [threading.Thread(target=self._end, args=(child,)) for child in together]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _end(self, child: Child) -> None:
        process, program = child.process, child.program
        if process is None:
            return
        if child.popen is None:
            stop(process.identity, program.stop_signal, program.grace)
        else:
            with contextlib.suppress(ProcessLookupError):
                child.popen.send_signal(program.stop_signal)
            popen = child.popen
            if not wait_until(lambda: popen.poll() is not None, program.grace):
                self._say(f"{program.name}: did not stop within {program.grace:.0f} s, is ended")
                kill(process.identity)
            popen.wait()
        self._say(f"{program.name}: stopped")
        child.process = child.popen = None

    def _save(self) -> None:
        running = {name: child.process for name, child in self._children.items() if child.process is not None}
        State(self._me, running).write(self._layout)

    def _say(self, text: str) -> None:
        sys.stdout.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")
        sys.stdout.flush()


def rotate(log: Path, limit: int = LOG_LIMIT, kept: int = LOGS_KEPT) -> None:
    """Move what is in `log` to `log.1` once it is longer than `limit`, older ones on to `.2` and so forth.

    Copied and emptied, since the program that writes it has it open, for appending.
    """
    try:
        if log.stat().st_size <= limit:
            return
    except FileNotFoundError:
        return
    for number in range(kept, 1, -1):
        older = log.with_name(f"{log.name}.{number - 1}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))
    shutil.copy2(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)


def main(folder: str, *options: str) -> int:
    """Supervise the installation in `folder`; 1 when somebody does already.

    The option `--tied` has the programs end with the supervisor, however it ends: for tests.
    """
    layout = Layout(Path(folder))
    layout.make()
    with layout.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 1
        Supervisor(layout, tied="--tied" in options).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
