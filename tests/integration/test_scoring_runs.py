"""Runs: a new framework version is counted beside the old one, in chunks, whatever happens meanwhile."""

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Invalid, NotFound
from schemas.events import Envelope
from schemas.events.scoring import RunRequested
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById, ByIds
from schemas.rpc.scoring import (
    CreateFramework,
    FrameworkDefinition,
    ListRuns,
    MyScores,
    ReviseFramework,
    Run,
    RunList,
    StartRun,
)
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring import operations
from services.scoring.operations.runs import counting, steps
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import framework
from tests.support.rows import connected, told
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
OTHER_WARD = "E05002170"
Sums = dict[tuple[str, ...], tuple[int, int, int]]


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHUNK", 10)


def cells(provisioned: Provisioned, council: TestCouncil, version: int, framework_id: UUID | None = None) -> Sums:
    with connected(provisioned, "scoring", council.id) as connection:
        rows = connection.execute(
            "SELECT measure, area, attribute, category, n, total, squares FROM cells "
            "WHERE n <> 0 AND version = %s AND framework_id = coalesce(%s, framework_id)",
            (version, framework_id),
        )
        return {tuple(r[:4]): (r[4], int(r[5]), int(r[6])) for r in rows}


def by_voice_only(questionnaire_id: UUID) -> FrameworkDefinition:
    """Another way of counting: the first domain alone."""
    whole = framework(questionnaire_id)
    return FrameworkDefinition("Voice only", questionnaire_id, whole.domains[:1])


def begun(scoring: Scoring, framework_id: UUID) -> Run:
    scoring.call("revise_framework", ReviseFramework(framework_id, by_voice_only(scoring.questionnaire_id)))
    found: Run = scoring.call("start_run", StartRun("framework", framework_id))
    return found


def run_of(scoring: Scoring, run: Run) -> Run:
    found: RunList = scoring.call("runs", ByIds((run.id,)))
    return found.items[0]


def step(scoring: Scoring, run: Run, number: int) -> Envelope:
    event = scoring.event(RunRequested(run_id=run.id, step=number))
    with acting(scoring.council):
        operations.take_steps(scoring.database, [event])
    return event


def walked(scoring: Scoring, run: Run) -> Run:
    number = 1
    while (now := run_of(scoring, run)).status == "running":
        step(scoring, run, number)
        number += 1
    return now


def test_a_few_responses_are_counted_at_once(scoring: Scoring, provisioned: Provisioned, council: TestCouncil) -> None:
    scoring.take(scoring.published(), scoring.submitted({"speak": 3}))
    made = scoring.call("create_framework", CreateFramework("capacity", framework(scoring.questionnaire_id)))
    run = scoring.call("start_run", StartRun("framework", made.id))
    assert (run.status, run.done, run.total, run.reason) == ("done", 1, 1, None)
    assert run.finished_at is not None
    assert cells(provisioned, council, 1)["voice", WARD, "", ""] == (1, 30 * 10**12, 900 * 10**24)
    assert "scoring.run_requested.v1" not in [kind for kind, _ in told(provisioned, "scoring", council.id)]
    with pytest.raises(Conflict, match="version 1 is live"):
        scoring.call("start_run", StartRun("framework", made.id))
    with pytest.raises(Invalid, match="no such run"):
        scoring.call("start_run", StartRun("guess", made.id))
    with pytest.raises(NotFound):
        scoring.call("start_run", StartRun("framework", new_id()))
    with pytest.raises(Conflict, match="over already: it is done"):
        scoring.call("cancel_run", ById(run.id))
    with pytest.raises(NotFound):
        scoring.call("cancel_run", ById(new_id()))


@pytest.mark.usefixtures("small_chunks")
def test_the_old_version_counts_until_the_new_one_is_done_and_keeps_its_sums_and_figures(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 11, "alone": 1 + i % 5}) for i in range(25)))
    scoring.release(framework_id)
    run = begun(scoring, framework_id)
    assert (run.status, run.done, run.total, run.framework_version) == ("running", 10, 25, 2)
    [asked] = [data for kind, data in told(provisioned, "scoring", council.id) if kind == "scoring.run_requested.v1"]
    assert asked == {"run_id": str(run.id), "step": 1}
    [framework_now] = scoring.call("frameworks", ByIds((framework_id,))).items
    assert (framework_now.version, framework_now.status) == (2, "counting")
    old = scoring.figures(framework_id)
    assert old[None, None, "ties"][0] == 25
    for call, request in (
        ("start_run", StartRun("framework", framework_id)),
        ("activate_framework", ById(framework_id)),
        ("revise_framework", ReviseFramework(framework_id, framework(scoring.questionnaire_id))),
    ):
        with pytest.raises(Conflict, match="version 2 is being counted"):
            scoring.call(call, request)
    step(scoring, run, 1)
    assert (run_of(scoring, run).done, run_of(scoring, run).status) == (20, "running")
    assert scoring.figures(framework_id) == old
    before = cells(provisioned, council, 1)
    step(scoring, run, 2)
    done = run_of(scoring, run)
    assert (done.status, done.done, done.total) == ("done", 25, 25)
    # switched with its figures, in one step: nobody finds none
    new = scoring.figures(framework_id)
    assert {measure for _, _, measure in new} == {"voice", "index"}
    assert new[None, None, "voice"] == old[None, None, "voice"]
    assert cells(provisioned, council, 1) == before
    with connected(provisioned, "scoring", council.id) as connection:
        kept = connection.execute("SELECT count(*), sum(total) FROM figures WHERE version = 1 AND measure = 'ties'")
        assert kept.fetchall() == [(2, 2 * before["ties", WARD, "", ""][1])]


@pytest.mark.usefixtures("small_chunks")
def test_a_step_is_taken_once_however_often_it_is_asked_for(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(25)))
    run = begun(scoring, framework_id)
    event = step(scoring, run, 1)
    with acting(scoring.council):
        operations.take_steps(scoring.database, [event, event])
    step(scoring, run, 1)  # the same step asked for by another note
    step(scoring, run, 7)
    assert run_of(scoring, run).done == 20
    assert cells(provisioned, council, 2)["voice", WARD, "", ""][0] == 20


@pytest.mark.usefixtures("small_chunks")
def test_a_run_can_be_stopped_and_leaves_a_draft(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(25)))
    run = begun(scoring, framework_id)
    stopped = scoring.call("cancel_run", ById(run.id))
    assert (stopped.status, stopped.done) == ("cancelled", 10)
    assert cells(provisioned, council, 2) == {}
    step(scoring, run, 1)
    assert cells(provisioned, council, 2) == {}
    scoring.take(scoring.submitted({"speak": 5}))
    assert cells(provisioned, council, 2) == {}
    # the draft may change, and what is counted then is the changed one
    scoring.call("revise_framework", ReviseFramework(framework_id, framework(scoring.questionnaire_id)))
    again = scoring.call("start_run", StartRun("framework", framework_id))
    assert (again.framework_version, walked(scoring, again).status) == (2, "done")
    assert cells(provisioned, council, 2) == cells(provisioned, council, 1)
    listed = scoring.call("list_runs", ListRuns(framework_id)).items
    assert [(r.id, r.status) for r in listed[:2]] == [(again.id, "done"), (run.id, "cancelled")]


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_keeps_failing_ends_with_a_reason(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(25)))
    run = begun(scoring, framework_id)

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("the answer of somebody")

    monkeypatch.setattr(counting, "contribution", broken)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            step(scoring, run, 1)
        assert run_of(scoring, run).status == "running"
    step(scoring, run, 1)
    failed = run_of(scoring, run)
    assert failed.status == "failed"
    assert failed.reason == (
        "Something went wrong here (ZeroDivisionError). Nothing has changed. Please start it again."
    )
    assert cells(provisioned, council, 2) == {}
    [still] = scoring.call("frameworks", ByIds((framework_id,))).items
    assert (still.version, still.status) == (2, "draft")
    monkeypatch.undo()
    assert scoring.call("start_run", StartRun("framework", framework_id)).status == "done"


KILLED = """
import os, sys
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
from uuid import UUID
from schemas.events import envelop
from schemas.events.scoring import RunRequested
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring import operations, store
from services.scoring.operations.runs import steps
steps.CHUNK = 10
real = store.add_to_cells
def add_and_hang(*given):
    real(*given)
    print("in the middle", flush=True)
    sys.stdin.read()
store.add_to_cells = add_and_hang
url, council, run = sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])
event = envelop("scoring.run_requested.v1", run, council, RunRequested(run_id=run, step=1))
with acting(council):
    operations.take_steps(Database(url, "scoring"), [event])
"""


@pytest.mark.usefixtures("small_chunks")
def test_a_process_that_is_killed_in_mid_chunk_loses_and_repeats_nothing(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 11}) for i in range(25)))
    run = begun(scoring, framework_id)
    half = cells(provisioned, council, 2)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, provisioned.database_url("scoring"), str(council.id), str(run.id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"in the middle\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert cells(provisioned, council, 2) == half
    assert run_of(scoring, run).done == 10
    assert walked(scoring, run).done == 25
    voice = {cell: sums for cell, sums in cells(provisioned, council, 1).items() if cell[0] == "voice"}
    assert {cell: sums for cell, sums in cells(provisioned, council, 2).items() if cell[0] == "voice"} == voice


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("moment", ["before it is read", "while it is added up"])
def test_what_happens_to_a_chunk_while_it_is_added_up_is_counted_once(
    scoring: Scoring,
    provisioned: Provisioned,
    council: TestCouncil,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    ids = [new_id() for _ in range(28)]
    scoring.take(*(scoring.submitted({"speak": 1}, one) for i, one in enumerate(ids) if i not in (3, 15, 26)))
    run = begun(scoring, framework_id)

    def meanwhile() -> None:
        """One that is new, one that is corrected and one that is withdrawn, in each chunk."""
        scoring.take(
            *(scoring.submitted({"speak": 7}, ids[i]) for i in (3, 15, 26)),
            *(scoring.submitted({"speak": 9}, ids[i], version=2, area=OTHER_WARD) for i in (4, 16, 25)),
            *(scoring.withdrawn(ids[i]) for i in (5, 17, 24)),
        )

    from services.scoring import store

    name = "responses_after" if moment == "before it is read" else "lock_questionnaires"
    real = getattr(store, name)
    calls: list[int] = []

    def hooked(*given: Any, **named: Any) -> Any:
        # the taking of responses locks as well; only the run locks alone
        if not calls and (name == "responses_after" or named.get("alone")):
            calls.append(1)
            meanwhile()
        return real(*given, **named)

    monkeypatch.setattr(store, name, hooked)
    assert walked(scoring, run).status == "done"
    assert calls == [1]
    old = {cell: sums for cell, sums in cells(provisioned, council, 1, framework_id).items() if cell[0] == "voice"}
    new = {cell: sums for cell, sums in cells(provisioned, council, 2, framework_id).items() if cell[0] == "voice"}
    assert old == new
    assert new["voice", OTHER_WARD, "", ""][0] == 3
    assert new["voice", WARD, "", ""][0] == 25 - 3 - 3 + 3


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.integers(0, 59), st.integers(0, 10)),
        st.tuples(st.just("withdraw"), st.integers(0, 59), st.just(0)),
        st.tuples(st.just("step"), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@pytest.mark.usefixtures("small_chunks")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sets(st.integers(0, 59), min_size=12, max_size=40), moves=MOVES)
def test_whatever_comes_while_it_runs_the_new_sums_are_those_of_counting_from_scratch(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, first: set[int], moves: list[tuple[str, int, int]]
) -> None:
    scoring.questionnaire_id = new_id()
    scoring.take(scoring.published())
    made = scoring.call("create_framework", CreateFramework(f"f{new_id().hex}", framework(scoring.questionnaire_id)))
    scoring.call("activate_framework", ById(made.id))
    # a pool of ids in their order: what comes late may lie before or behind what the run has passed
    pool = [new_id() for _ in range(60)]
    versions = dict.fromkeys(first, 1)
    scoring.take(*(scoring.submitted({"speak": i % 11}, pool[i]) for i in sorted(first)))
    run, number = begun(scoring, made.id), 1
    for what, place, answer in moves:
        if what == "step":
            step(scoring, run, number)
            number += 1
            continue
        version = versions[place] = versions.get(place, 0) + 1
        if what == "submit":
            data = scoring.submitted({"speak": answer}, pool[place], version, groups={"gender": "male"})
            scoring.take(data)
        else:
            scoring.take(msgspec.structs.replace(scoring.withdrawn(pool[place]), response_version=version))
    while run_of(scoring, run).status == "running":
        step(scoring, run, number)
        number += 1
    with connected(provisioned, "scoring", council.id) as connection:
        rows = connection.execute(
            'SELECT area, groups, "values" FROM responses WHERE questionnaire_id = %s AND submitted_at IS NOT NULL',
            (scoring.questionnaire_id,),
        ).fetchall()
    expected: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for area, groups, values in rows:
        score = values["speak"] * 10 * 10**12
        for measure in ("voice", "index"):
            for attribute, category in [("", ""), *groups.items()]:
                n, total, squares = expected.get((measure, area, attribute, category), (0, 0, 0))
                added = (n + 1, int(total + score), int(squares + score * score))
                expected[measure, area, attribute, category] = added
    assert cells(provisioned, council, 2, made.id) == expected


def compared(questionnaire_id: UUID, method: Any) -> FrameworkDefinition:
    """The first indicator is put on 0–100 by comparison with others."""
    whole = framework(questionnaire_id)
    first = whole.domains[0]
    indicator = msgspec.structs.replace(first.indicators[0], normalisation=method)
    domain = msgspec.structs.replace(first, indicators=(indicator, *first.indicators[1:]))
    return msgspec.structs.replace(whole, domains=(domain, *whole.domains[1:]))


@pytest.mark.usefixtures("small_chunks")
def test_those_who_are_compared_with_are_frozen_with_the_version(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, resident: Actor
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 10, "vote": 0}) for i in range(39)))
    scoring.take(scoring.submitted({"speak": 9, "vote": 0}, person=resident.person))
    definition = compared(scoring.questionnaire_id, "rank")
    scoring.call("revise_framework", ReviseFramework(framework_id, definition))
    run = scoring.call("start_run", StartRun("framework", framework_id))
    # two passes: first who is compared with, then the scores
    assert (run.done, run.total) == (10, 80)
    done = walked(scoring, run)
    assert (done.status, done.done, done.total) == ("done", 80, 80)
    # the plain scores are 0, 5, … 45 (with a vote of 0), four people each: the highest four have the places 37 to 40
    [mine] = scoring.call("my_scores", MyScores(framework_id), resident).items
    scores = {s.measure: s.score for s in mine.scores}
    assert scores["voice"] == pytest.approx(100 * 38.5 / 40)
    # whoever comes later is compared with the same people, and changes nobody's score
    scoring.take(*(scoring.submitted({"speak": 10, "vote": 1}) for _ in range(15)))
    assert scoring.call("my_scores", MyScores(framework_id), resident).items == (mine,)
    with connected(provisioned, "scoring", council.id) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("UPDATE framework_versions SET reference = '{}' WHERE version = 2")


def test_too_few_to_compare_with_is_said_at_once_or_ends_the_run(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 10}) for i in range(29)))
    scoring.call("revise_framework", ReviseFramework(framework_id, compared(scoring.questionnaire_id, "z")))
    few = (
        'indicator "voice" of domain "voice" compares people, and needs the answers of 30 to compare with; there are 29'
    )
    with pytest.raises(Conflict, match=few):
        scoring.call("activate_framework", ById(framework_id))
    monkeypatch.setattr(steps, "CHUNK", 10)
    failed = walked(scoring, scoring.call("start_run", StartRun("framework", framework_id)))
    assert failed.status == "failed"
    assert failed.reason is not None
    assert failed.reason.startswith(few)
    assert failed.reason.endswith("Choose min_max until more have come")
    assert cells(provisioned, council, 2) == {}
    [still] = scoring.call("frameworks", ByIds((framework_id,))).items
    assert (still.version, still.status) == (2, "draft")
