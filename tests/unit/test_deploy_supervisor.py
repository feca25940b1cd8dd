"""The supervisor, with tiny programs in place of servers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import system
from deploy.local.plan import Layout, State, digest, marked_processes, read_plan, write_plan
from deploy.local.process import Identity, Program, alive, descendants, identify, kill, spawn, stop, wait_until
from deploy.local.supervisor import main, rotate

IDLE = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"


def program(name: str, code: str = IDLE, **more: object) -> Program:
    return Program(name, (sys.executable, "-c", code), {}, "/", **more)  # type: ignore[arg-type]


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    made = Layout(tmp_path / "installation")
    made.make()
    yield made
    system.down(made, lambda _: None)
    assert not marked_processes(made)


def running(layout: Layout, name: str) -> int:
    process = State.read(layout).processes.get(name)
    return process.identity.pid if process is not None and process.is_alive else 0


def eventually(condition: Callable[[], object]) -> None:
    assert wait_until(lambda: bool(condition()), 10)


def start(layout: Layout, *programs: Program) -> None:
    write_plan(layout, programs)
    system.ensure_supervisor(layout)
    eventually(lambda: all(running(layout, one.name) for one in programs))


def test_a_killed_program_comes_back(layout: Layout) -> None:
    start(layout, program("one"), program("two"))
    first, other = running(layout, "one"), running(layout, "two")
    kill(State.read(layout).processes["one"].identity)
    eventually(lambda: running(layout, "one") not in (0, first))
    assert State.read(layout).processes["one"].restarts == 1
    assert running(layout, "two") == other


def test_down_leaves_nothing_even_of_what_does_not_listen(layout: Layout) -> None:
    start(layout, program("deaf", DEAF, grace=0.3), program("tidy"))
    before = State.read(layout)
    assert system.down(layout, lambda _: None)
    assert before.supervisor is not None
    assert not alive(before.supervisor)
    assert not any(process.is_alive for process in before.processes.values())
    assert not system.down(layout, lambda _: None)


def test_a_new_supervisor_takes_over_what_the_killed_one_left(layout: Layout) -> None:
    start(layout, program("one"), program("two"))
    first = State.read(layout)
    assert first.supervisor is not None
    kill(first.supervisor)
    assert all(process.is_alive for process in first.processes.values())
    system.ensure_supervisor(layout)
    second = State.read(layout)
    assert second.supervisor != first.supervisor
    assert {n: p.identity for n, p in second.processes.items()} == {n: p.identity for n, p in first.processes.items()}
    kill(second.processes["one"].identity)
    eventually(lambda: running(layout, "one") not in (0, first.processes["one"].identity.pid))


def test_down_finds_the_orphans_of_a_killed_supervisor(layout: Layout) -> None:
    start(layout, program("one"))
    state = State.read(layout)
    assert state.supervisor is not None
    kill(state.supervisor)
    assert system.down(layout, lambda _: None)
    assert not state.processes["one"].is_alive


def test_down_spares_a_process_that_got_the_same_number(layout: Layout, tmp_path: Path) -> None:
    start(layout, program("one"))
    state = State.read(layout)
    system.down(layout, lambda _: None)
    with subprocess.Popen([sys.executable, "-c", IDLE]) as stranger:
        claimed = replace(state.processes["one"], identity=Identity(stranger.pid, "another-boot:1"))
        State(None, {"one": claimed}).write(layout)
        assert not system.down(layout, lambda _: None)
        assert stranger.poll() is None
        stranger.kill()


def test_a_changed_plan_restarts_what_changed_alone(layout: Layout) -> None:
    start(layout, program("same"), program("changes"), program("goes"))
    before = State.read(layout).processes
    write_plan(layout, [program("same"), program("changes", IDLE + " "), program("new")])
    system.ensure_supervisor(layout)
    eventually(lambda: running(layout, "new"))
    eventually(lambda: running(layout, "changes") not in (0, before["changes"].identity.pid))
    assert running(layout, "same") == before["same"].identity.pid
    assert not before["goes"].is_alive


def test_later_stages_wait_for_earlier_ones(layout: Layout) -> None:
    closed = program("server", ready="tcp://127.0.0.1:1")
    write_plan(layout, [closed, program("service", stage=3)])
    system.ensure_supervisor(layout)
    eventually(lambda: running(layout, "server"))
    assert not wait_until(lambda: bool(running(layout, "service")), 0.5)


def test_there_is_one_supervisor(layout: Layout) -> None:
    start(layout, program("one"))
    assert main(str(layout.folder)) == 1


def test_the_plan_survives_writing_and_is_private(layout: Layout) -> None:
    write_plan(layout, [program("last", stage=4), program("first")])
    programs = read_plan(layout)
    assert [one.name for one in programs] == ["first", "last"]
    assert digest(programs[0]) != digest(programs[1])
    assert layout.plan.stat().st_mode & 0o077 == 0


def test_a_program_that_fails_is_tried_ever_more_rarely(layout: Layout) -> None:
    write_plan(layout, [program("failing", "raise SystemExit(3)")])
    system.ensure_supervisor(layout)
    log = layout.log("supervisor")
    eventually(lambda: log.read_text().count("failing: ended (3)") >= 3)
    assert log.read_text().count("failing: started") <= 5


def test_logs_are_rotated_by_size(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    for text in ("first", "second", "third", "fourth", "fifth"):
        log.write_text(text)
        rotate(log, limit=3, kept=3)
    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["", "fifth", "fourth", "third"]
    log.write_text("ab")
    rotate(log, limit=3, kept=3)
    assert log.read_text() == "ab"


def test_a_log_stays_whole_when_it_is_rotated_under_its_writer(tmp_path: Path) -> None:
    code = "import sys\nfor line in ('a', 'b'):\n print(line, flush=True)\n sys.stdin.readline()"
    log = tmp_path / "one.log"
    with (
        log.open("ab") as file,
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=file, text=True) as writer,
    ):
        eventually(lambda: log.read_text() == "a\n")
        rotate(log, limit=1)
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
        eventually(lambda: log.read_text() == "b\n")
        writer.communicate("\n")


def test_stop_ends_a_whole_family_that_does_not_listen(tmp_path: Path) -> None:
    deaf = DEAF.replace("\n", "\nprint('deaf', flush=True)\n")
    parent = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {deaf!r}])\n{deaf}"
    popen = spawn(program("family", parent), tmp_path / "log")
    try:
        identity = identify(popen.pid)
        assert identity is not None
        eventually(lambda: (tmp_path / "log").read_text().count("deaf") == 2)
        children = descendants(identity)
        assert len(children) == 1
        assert not stop(identity, grace=0.2)
        assert not any(map(alive, children))
    finally:
        popen.kill()
        popen.wait()
