"""`civic import responses` as an operator runs it: a process of its own, against a real surveys service."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deploy.importing.run import BATCH
from deploy.local.plan import Layout
from deploy.local.process import wait_until
from deploy.local.system import System
from deploy.operate.calls import Calls
from deploy.provision.run import Provisioned
from schemas.rpc import surveys
from schemas.rpc.base import ById
from tests.integration.conftest import TestCouncil
from tests.support import questionnaires, running
from tests.support.desk import GOOD, WARDS, Desk

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def service(provisioned: Provisioned, tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Service]:
    """The surveys service."""
    one = running.make(provisioned, tmp_path_factory.mktemp("surveys"), "surveys")
    with running.started(one):
        yield one


@pytest.fixture
def desk(service: running.Service, provisioned: Provisioned, council: TestCouncil, tmp_path: Path) -> Desk:
    """A council with the questionnaire open."""
    home = Layout(tmp_path / "home")
    home.make()
    System(provisioned, {}, {}).write(home)
    with Calls(provisioned.amqp_url("operator")) as calls:
        form = calls.call(
            surveys.create_questionnaire,
            surveys.CreateQuestionnaire("taking-part", questionnaires.definition()),
            council.id,
        )
        calls.call(surveys.publish_questionnaire, ById(form.id), council.id)
    return Desk(council, form.id, tmp_path, home.folder, provisioned.admin_url)


def read(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_a_csv_file_is_taken(desk: Desk) -> None:
    file = desk.write("a.csv", GOOD, ("x", "", "E05002171", "", "", "0", "NA", "8", ""), GOOD)
    code, said = desk.run(file)
    assert code == 0, said
    assert "3 of 3 rows are taken, 3 of them just now." in said
    first, second, third = desk.stored()
    assert first[:4] == (
        1,
        {"speak": 7, "alone": 1, "vote": "yes", "more": "Thank you, all"},
        WARDS[0],
        {"age_band": "40-64", "gender": "female"},
    )
    assert first[5] == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert second[:4] == (2, {"speak": 0, "vote": "dont_know"}, WARDS[2], {})
    assert first[4] == third[4] != second[4]
    assert first[4].version == 5
    told = desk.query("SELECT body FROM surveys.outbox WHERE tenant_id = %s")
    assert not any("4711" in str(body) for (body,) in told)


def test_parquet_says_the_same_as_csv(desk: Desk) -> None:
    table = pa.table({
        "id": ["a", "b", None],
        "when": pa.array([datetime(2026, 3, 1, 10, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")),
        "ward": pa.array(["Barnack", None, "North"]).dictionary_encode(),
        "age": pa.array([42.0, None, 16.0]),
        "sex": ["f", "m", None],
        "Q1": pa.array([7, 0, 10], pa.int8()),
        "Q2": ["Never", None, "Always"],
        "Q3": pa.array([1.0, float("nan"), 2.0]),
        "Q4": ["x", "", None],
    })  # fmt: skip
    pq.write_table(table, desk.folder / "a.parquet", row_group_size=2)
    code, said = desk.run(desk.folder / "a.parquet")
    assert code == 0, said
    assert [row[1:4] for row in desk.stored()] == [
        ({"speak": 7, "alone": 1, "vote": "yes", "more": "x"}, WARDS[0], {"age_band": "40-64", "gender": "female"}),
        ({"speak": 0}, None, {"gender": "male"}),
        ({"speak": 10, "alone": 5, "vote": "no"}, WARDS[1], {"age_band": "16-39"}),
    ]


def test_rejected_rows_are_named_with_column_and_reason(desk: Desk) -> None:
    bad = [
        GOOD,
        ("b", "", "Nowhere", "12", "f", "7", "Never", "1", ""),
        ("c", "", "", "", "", "11", "", "", ""),
        ("d", "", "", "", "", "99", "", "", ""),
        ("e", "yesterday", "", "", "", "often", "", "", ""),
        ("f",),
    ]
    rejects = desk.folder / "rejects.csv"
    file = desk.write("bad.csv", *bad)
    code, said = desk.run(file, "--rejects", str(rejects))
    assert code == 3, said
    assert "1 of 6 rows are taken" in said
    expected = [
        ["row", "column", "reason"],
        ["2", "age", "'12' is in none of the bands."],
        ["2", "ward", "'Nowhere' is not among the values of the mapping (areas)."],
        ["3", "Q1", "Choose a whole number from 0 to 10."],
        ["4", "Q1", "Please answer this question."],
        ["5", "Q1", "'often' is not a number."],
        ["5", "when", "'yesterday' is not a date and time of the expected form."],
        ["6", "", "The row has 1 cells where the heading has 9."],
    ]
    assert sorted(read(rejects)) == sorted(expected)

    # the file of rejects is gone, or was cut in the middle of a line: it is made again, and nothing is stored twice
    for damage in (rejects.unlink, lambda: rejects.write_bytes(rejects.read_bytes()[:60])):
        damage()
        code, said = desk.run(file, "--rejects", str(rejects))
        assert code == 3
        assert sorted(read(rejects)) == sorted(expected)
        assert len(desk.stored()) == 1


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    file = desk.write("a.csv", GOOD, GOOD)
    assert desk.run(file)[0] == 0
    before = desk.stored()
    code, said = desk.run(file)
    assert (code, desk.stored()) == (0, before)
    assert "This file was imported before: 2 of 2 rows. Nothing was changed." in said


def test_killed_in_mid_stream_it_goes_on_and_ends_the_same(desk: Desk) -> None:
    rows = 12 * BATCH + 7
    file = desk.write(
        "long.csv",
        *(
            (f"p{n}", "", "North", "", "", "x" if n % 1_000 == 3 else str(n % 11), "Never", "", "")
            for n in range(1, rows + 1)
        ),
    )
    rejects = desk.folder / "rejects.csv"
    with desk.started(file, "--rejects", str(rejects)) as process:
        assert wait_until(lambda: desk.mark() >= 2 * BATCH, 60, pause=0.005)
        process.kill()
    assert 0 < desk.mark() < rows
    code, said = desk.run(file, "--rejects", str(rejects))
    assert code == 3, said
    wrong = [n for n in range(1, rows + 1) if n % 1_000 == 3]
    assert [(row, answers["speak"]) for row, answers, *_ in desk.stored()] == [
        (n, n % 11) for n in range(1, rows + 1) if n not in wrong
    ]
    assert read(rejects)[1:] == [[str(n), "Q1", "'x' is not a number."] for n in wrong]
    assert desk.query("SELECT last_row, accepted FROM surveys.imports WHERE tenant_id = %s") == [
        (rows, rows - len(wrong))
    ]


def test_it_waits_for_a_service_that_is_away(desk: Desk, service: running.Service) -> None:
    file = desk.write("a.csv", GOOD)
    service.running.kill()
    with desk.started(file) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        service.running.start()
        service.wait()
        rest, _ = process.communicate(timeout=60)
    assert "trying again" in first
    assert process.returncode == 0, first + rest
    assert len(desk.stored()) == 1


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"items": {"speak": "Q1", "sing": "Q9", "vote": {"column": "Q3", "values": {"1": "maybe"}}}},
            [
                "the file has no column 'Q9'",
                "the questionnaire has no item 'sing'",
                "item 'vote' has no choice 'maybe'",
            ],
        ),
        ({"items": {"alone": "Q2"}}, ["item 'speak' must be answered, and the mapping gives it no column"]),
        ({"groups": {"height": "Q1"}}, ["the questionnaire has no group attribute 'height'"]),
        (
            {"consent": {"version": "2", "purposes": ["fun"]}},
            [
                "the consent is to version '2', the questionnaire has version '1'",
                "the consent has no purpose 'fun'",
                "without consent to 'service_improvement' no answers are taken",
            ],
        ),
    ],
)
def test_what_does_not_fit_is_refused_whole(desk: Desk, changes: dict[str, Any], faults: list[str]) -> None:
    code, said = desk.run(desk.write("a.csv", GOOD), mapping=desk.mapping(**changes))
    assert code == 1
    assert [line.removeprefix("- ").strip() for line in said.splitlines() if line.startswith("- ")] == faults
    assert (desk.stored(), desk.mark()) == ([], 0)


def test_bad_bytes_are_named_by_line_and_byte_before_anything_is_sent(desk: Desk) -> None:
    file = desk.write("a.csv", GOOD, GOOD)
    content = file.read_bytes()
    file.write_bytes(content + b"caf\xe9\r\n")
    code, said = desk.run(file)
    assert code == 1
    assert f"line 4, byte 4 of it (byte {len(content) + 4} of the file): 0xe9 is not UTF-8." in said
    assert desk.stored() == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b'id,Q1\n"open', "line 2"),
        ("a.xlsx", b"PK", "neither .csv nor .parquet"),
        ("a.parquet", b"PAR1", "is not Parquet"),
    ],
)
def test_files_that_are_none(desk: Desk, name: str, content: bytes, message: str) -> None:
    (desk.folder / name).write_bytes(content)
    code, said = desk.run(desk.folder / name)
    assert (code, message in said) == (1, True), said


def test_a_dry_run_sends_nothing(desk: Desk) -> None:
    file = desk.write("a.csv", GOOD, (*GOOD[:5], "often", *GOOD[6:]))
    code, said = desk.run(file, "--dry-run")
    assert code == 3
    assert "2 rows read, 1 could be sent. Nothing was sent." in said
    assert "row 2, Q1: 'often' is not a number." in said
    assert (desk.stored(), desk.mark()) == ([], 0)


def test_a_closed_questionnaire_takes_nothing(desk: Desk, provisioned: Provisioned) -> None:
    with Calls(provisioned.amqp_url("operator")) as calls:
        calls.call(surveys.close_questionnaire, ById(desk.questionnaire_id), desk.council.id)
    code, said = desk.run(desk.write("a.csv", GOOD))
    assert code == 1
    assert "is closed" in said


def test_the_file_of_rejects_never_overwrites_something_else(desk: Desk) -> None:
    file = desk.write("a.csv", GOOD)
    precious = desk.folder / "precious.csv"
    precious.write_text("name,score\nx,1\n")
    for target, message in ((precious, "no file of rejected rows"), (file, "is not free")):
        code, said = desk.run(file, "--rejects", str(target))
        assert (code, message in said) == (1, True), said
    assert precious.read_text() == "name,score\nx,1\n"
    assert desk.stored() == []
