"""`civic import survey` and `civic export survey` as an operator runs them, against a real surveys service."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.plan import Layout
from deploy.local.system import System
from deploy.operate.calls import Calls
from deploy.provision.run import Provisioned
from schemas.rpc import surveys
from schemas.rpc.base import ById
from schemas.rpc.surveys import CreateQuestionnaire
from tests.integration.conftest import TestCouncil
from tests.support import running
from tests.support.questionnaires import CONSENT, definition
from tests.support.xlsforms import as_csv, xlsx

pytestmark = pytest.mark.integration
HEAD = ["type", "name", "label"]
Civic = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def service(provisioned: Provisioned, tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Service]:
    """The surveys service."""
    one = running.make(provisioned, tmp_path_factory.mktemp("surveys"), "surveys")
    with running.started(one):
        yield one


@pytest.fixture
def civic(service: running.Service, provisioned: Provisioned, council: TestCouncil, tmp_path: Path) -> Civic:
    """The command, for the council: its exit code, and all that it said."""
    home = Layout(tmp_path / "home")
    home.make()
    System(provisioned, {}, {}).write(home)

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", "from deploy.cli.main import app; app()", *arguments, "--tenant", council.slug],
            env={"CIVIC_HOME": str(home.folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
            cwd=running.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_a_form_goes_in_and_comes_out(civic: Civic, tmp_path: Path) -> None:
    file, out = tmp_path / "form.xlsx", tmp_path / "out.xlsx"
    file.write_bytes(xlsx({"survey": [HEAD, ["text", "q", "Q"], ["geopoint", "w", "W"]]}))
    code, said = civic("import", "survey", str(file), "--slug", "mine")
    assert code == 0, said
    assert "mine, version 1, is a draft with 1 questions." in said
    assert "survey, row 3, column type: Exact places are not collected" in said
    code, said = civic("export", "survey", "--slug", "mine", "--out", str(out))
    assert code == 0, said
    code, said = civic("import", "survey", str(out), "--slug", "mine", "--revise")
    assert code == 0, said
    assert "mine, version 1, is a draft with 1 questions." in said


def test_a_form_that_does_not_do_is_named_line_by_line_and_leaves_nothing(civic: Civic, tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    file.write_bytes(as_csv({"survey": [HEAD, ["texxt", "q", "Q"]]}))
    code, said = civic("import", "survey", str(file), "--slug", "mine")
    assert code == 1
    assert "survey, row 3, column type: There is no type" in said
    assert "Nothing was kept of it." in said
    code, said = civic("export", "survey", "--slug", "mine", "--out", str(tmp_path / "x.xlsx"))
    assert code == 1
    assert not (tmp_path / "x.xlsx").exists()
    code, said = civic("import", "survey", str(tmp_path / "form.docx"), "--slug", "mine")
    assert code == 1
    assert "is no form that can be read" in said


def test_responses_go_out_for_a_purpose(
    civic: Civic, service: running.Service, provisioned: Provisioned, council: TestCouncil, tmp_path: Path
) -> None:
    out = tmp_path / "answers.csv"
    with Calls(provisioned.amqp_url("operator")) as calls:
        made = calls.call(surveys.create_questionnaire, CreateQuestionnaire("taking-part", definition()), council.id)
        calls.call(surveys.publish_questionnaire, ById(made.id), council.id)
        rows = tuple(surveys.ImportRow(n, {"speak": n % 11, "more": "Secret"}) for n in range(1, 1_202))
        for part in (rows[:700], rows[700:]):
            asked = surveys.ImportResponses(made.id, made.id, CONSENT, part, part[-1].row)
            assert calls.call(surveys.import_responses, asked, council.id).accepted == len(part)
    code, said = civic("export", "responses", str(out), "--questionnaire", "taking-part", "--purpose", "research")
    assert (code, out.exists()) == (1, False), said
    purpose = ("--purpose", "service_improvement")
    code, said = civic("export", "responses", str(out), "--questionnaire", "taking-part", *purpose)
    assert code == 0, said
    assert "1,201 responses are in" in said
    assert "Left out, since they are words or places: more." in said
    with out.open(newline="", encoding="utf-8-sig") as file:
        read = list(csv.DictReader(file))
    assert sorted(int(row["speak"]) for row in read) == sorted(n % 11 for n in range(1, 1_202))
    assert "Secret" not in out.read_text(encoding="utf-8-sig")
