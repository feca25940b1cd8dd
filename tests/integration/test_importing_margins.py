"""`civic import margins`: census counts in versions; all of a file, or nothing and every reason."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from deploy.cli.main import app
from deploy.local.plan import Layout
from deploy.local.secrets import ensure_issuer
from deploy.local.system import System
from deploy.operate.tenants import Area, Tenants
from deploy.provision.run import Provisioned
from services.chassis.database import Database
from services.chassis.margins import Margins, Population, margins
from services.chassis.tenancy import acting

pytestmark = pytest.mark.integration
NORTH, SOUTH = "E05000001", "E05000002"


@pytest.fixture
def slug(provisioned: Provisioned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    layout = Layout(tmp_path / "home")
    layout.make()
    ensure_issuer(layout.issuer)
    System(provisioned, {"gateway": 1}, {"postgres": "given", "rabbitmq": "given"}).write(layout)
    monkeypatch.setenv("CIVIC_HOME", str(layout.folder))
    slug = f"place-{uuid7().hex[-8:]}"
    councils = Tenants(provisioned.owner_url("platform"))
    councils.create(slug, "A Place", "E06000031")
    councils.import_areas(slug, [Area(NORTH, "North", "ward"), Area(SOUTH, "South", "ward")])
    return slug


def civic(slug: str, path: Path, content: str | bytes) -> tuple[int, str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = CliRunner().invoke(app, ["import", "margins", str(path), "--tenant", slug])
    return result.exit_code, " ".join(result.output.split())


Known = Callable[..., Margins | None]


@pytest.fixture
def known(provisioned: Provisioned, slug: str, open_database: Callable[[str], Database]) -> Known:
    """The margins of the council as a service sees them."""
    tenant: UUID = Tenants(provisioned.owner_url("platform")).get(slug)["id"]

    def read(version: int | None = None) -> Margins | None:
        with acting(tenant), open_database("scoring").unit_of_work() as work:
            return margins(work, version)

    return read


def test_each_file_is_a_version(slug: str, known: Known, tmp_path: Path) -> None:
    assert known() is None
    first = f"area,gender,people\n{NORTH},female,3100\n{NORTH},male,2900.5\n,female,9000\n"
    assert civic(slug, tmp_path / "m.csv", "\ufeff" + first) == (0, f"{slug}: 3 margins are version 1.")
    assert civic(slug, tmp_path / "m.csv", "gender,people\nfemale,1\n")[1] == f"{slug}: 1 margins are version 2."
    newest, older = known(), known(1)
    assert newest == Margins(2, (Population("", {"gender": "female"}, 1.0),))
    assert older is not None
    assert sorted(older.rows, key=str) == sorted(
        (
            Population(NORTH, {"gender": "female"}, 3100.0),
            Population(NORTH, {"gender": "male"}, 2900.5),
            Population("", {"gender": "female"}, 9000.0),
        ),
        key=str,
    )
    assert older.of("area") == {NORTH: 6000.5}


def test_every_line_that_does_not_fit_is_named_and_nothing_is_written(slug: str, known: Known, tmp_path: Path) -> None:
    content = (
        f"area,gender,people\n{NORTH},female,10\nE05999999,male,5\n{NORTH},male,many\n{NORTH},male,-1\n,,7\n"
        f"{NORTH},female,11\n{SOUTH},male\n{SOUTH},male,5,6\n{SOUTH},male,nan\n"
    )
    code, said = civic(slug, tmp_path / "m.csv", content)
    assert code == 1
    for sentence in (
        "line 3: column area: E05999999 is none of the council's areas",
        "line 4: column people: give a number of 0 or more, without separators, and not 'many'",
        "line 5: column people: give a number of 0 or more, without separators, and not '-1'",
        "line 6: it names no area and no group",
        "line 7: it is about the same people as line 2",
        "line 8: it has more or fewer fields",
        "line 9: it has more or fewer fields",
        "line 10: column people",
    ):
        assert sentence in said
    assert known() is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("area,count\nE05000001,5\n", "lacks the column people"),
        ("people\n5\n", "needs a name for each column"),
        ("area,area,people\na,b,5\n", "needs a name for each column"),
        ("area,people\n", "there is no line in it"),
        (b"area,people\n\xff,5\n", "is no CSV file in UTF-8"),
    ],
)
def test_files_that_are_no_margins_say_so(slug: str, tmp_path: Path, content: str | bytes, said: str) -> None:
    code, output = civic(slug, tmp_path / "m.csv", content)
    assert code == 1
    assert said in output
