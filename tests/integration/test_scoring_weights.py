"""Weights through the service: real answers raked to margins as `balance` does it, of the published people only."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pandas as pd
import psycopg
import pytest

from deploy.operate.tenants import Area, Tenants
from deploy.provision.run import Provisioned
from schemas.errors import Conflict
from schemas.events.scoring import RunRequested
from schemas.events.surveys import ResponseSubmitted, ResponseWithdrawn
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import (
    Figure,
    FiguresRequest,
    Framework,
    ListRuns,
    ListWeightings,
    Run,
    StartRun,
    Weighting,
    WeightingNote,
)
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring import operations
from services.scoring.operations.runs import steps
from tests.integration.conftest import TestCouncil
from tests.support.reference import reference
from tests.support.scoring import Scoring
from tests.support.spending import frame, live_framework, published, responses

pytestmark = pytest.mark.integration
BY_BALANCE = """
import logging
logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd
from scipy import stats
from balance.weighting_methods.rake import rake
people = pd.DataFrame(rows, columns=["area", "gender", "index"])
weights = rake(
    people[["area", "gender"]], pd.Series([1.0] * len(people)), None, None, variables=["area", "gender"],
    transformations=None,
    target_margins={k: {c: p / sum(m.values()) for c, p in m.items()} for k, m in margins.items()},
    max_iteration=1000, convergence_rate=1e-12, rate_tolerance=0,
)["weight"]
people["w"] = (weights / weights.mean()).to_numpy()
def figure(part):
    part = part.dropna(subset="index").head(limit)
    w, y, n = part["w"].to_numpy(), part["index"].to_numpy(), len(part)
    mean = (w * y).sum() / w.sum()
    error = np.sqrt(n / (n - 1) * ((w * (y - mean)) ** 2).sum()) / w.sum()
    half = stats.t.ppf(0.975, n - 1) * error
    return [n, mean, mean - half, mean + half, w.sum() ** 2 / (w ** 2).sum()]
w = people["w"]
answer = {
    "*": figure(people), **{a: figure(p) for a, p in people.groupby("area")},
    "effect": len(w) * (w ** 2).sum() / w.sum() ** 2, "largest": w.max(), "smallest": w.min(),
}
"""
GENDERS = {"female": 5_100.0, "male": 4_900.0}


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def census(provisioned: Provisioned, council: TestCouncil, areas: dict[str, float], **more: dict[str, float]) -> None:
    councils = Tenants(provisioned.owner_url("platform"))
    councils.import_areas(council.slug, [Area(code, code, "ward") for code in areas])
    rows: list[tuple[str, dict[str, str], float]] = [(code, {}, people) for code, people in areas.items()]
    rows += [("", {a: category}, people) for a, m in more.items() for category, people in m.items()]
    councils.import_margins(council.slug, rows)


def send(scoring: Scoring, people: pd.DataFrame) -> list[ResponseSubmitted]:
    sent = responses(scoring, people)
    for start in range(0, len(sent), 500):
        scoring.take(*sent[start : start + 500])
    return sent


def weigh(scoring: Scoring, framework_id: UUID) -> Run:
    run: Run = scoring.call("start_run", StartRun("weights", framework_id))
    number = 1
    while run.status == "running":
        with acting(scoring.council):
            operations.take_steps(scoring.database, [scoring.event(RunRequested(run_id=run.id, step=number))])
        run = scoring.call("list_runs", ListRuns(framework_id)).items[0]
        number += 1
    return run


def figures(scoring: Scoring, framework: Framework, **more: Any) -> dict[str, Figure]:
    found = scoring.call("figures", FiguresRequest(framework.id, ("place",), **more)).items
    return {f.area or "*": f for f in found}


def weightings(scoring: Scoring, framework: Framework) -> list[Weighting]:
    return list(scoring.call("weightings", ListWeightings(framework.id)).items)


def by_balance(people: pd.DataFrame, areas: dict[str, float], limit: int = 10_000) -> Any:
    rows = json.loads(people[["area", "gender", "place"]].to_json(orient="values"))
    return reference(BY_BALANCE, rows=rows, margins={"area": areas, "gender": GENDERS}, limit=limit)


@pytest.fixture
def areas(provisioned: Provisioned, council: TestCouncil) -> dict[str, float]:
    answered = frame()["area"].value_counts().sort_index()
    found = {str(code): round(people * (0.6 + 0.1 * i) / 2.5) for i, (code, people) in enumerate(answered.items())}
    # in thousandths, which is as finely as `balance` takes margins from a table
    found[str(answered.index[0])] += 1_000 - sum(found.values())
    margins = {code: float(people) for code, people in found.items()}
    census(provisioned, council, margins, gender=GENDERS)
    return margins


def test_weighted_figures_are_those_of_balance(
    scoring: Scoring, areas: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "CHUNK", 900)
    people = frame()
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people)
    scoring.release(framework.id)
    assert {f.weighted for f in figures(scoring, framework).values()} == {None}
    run = weigh(scoring, framework.id)
    assert (run.status, run.reason, run.done) == ("done", None, 2 * len(people))
    wanted = by_balance(people, areas)
    found = figures(scoring, framework)
    assert found.keys() == {"*", *areas}
    for place, figure in found.items():
        n, mean, low, high, effective = wanted[place]
        assert figure.n == n
        assert figure.weighted is not None
        assert figure.weighted.score == pytest.approx(mean, abs=1e-4)
        assert (figure.weighted.low, figure.weighted.high) == pytest.approx((low, high), abs=0.11)
        assert figure.weighted.low <= low
        assert figure.weighted.high >= high
        assert figure.weighted.effective_n == pytest.approx(effective, abs=0.06)
        assert (figure.weighted.weighting, figure.weighted.method) == (1, "linearised")
    assert found["*"].weighted is not None
    assert found["*"].weighted.score != found["*"].score
    [made] = weightings(scoring, framework)
    assert (made.weighting, made.margins_version, made.attributes) == (1, 1, ("area", "gender"))
    assert (made.converged, made.notes, made.wave) == (True, (), "")
    assert (made.design_effect, made.largest, made.smallest) == pytest.approx(
        (wanted["effect"], wanted["largest"], wanted["smallest"]), abs=0.0051
    )
    assert made.n == len(people) - len(people) % 5


def test_of_people_who_are_not_published_yet_nothing_shows(
    scoring: Scoring, areas: dict[str, float], provisioned: Provisioned, council: TestCouncil
) -> None:
    people = frame().dropna(subset="place").groupby("area").head(30).reset_index(drop=True)
    ward = people["area"].min()
    late = people[people["area"] == ward].index[27:]
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    sent = send(scoring, people.drop(late))
    scoring.release(framework.id)
    send(scoring, people.loc[late])
    scoring.release(framework.id)
    assert figures(scoring, framework)[ward].n == 27
    weigh(scoring, framework.id)
    # they count for the weights, and in no figure
    wanted = by_balance(pd.concat([people.drop(late), people.loc[late]]), areas, limit=27)
    figure = figures(scoring, framework)[ward]
    assert figure.n == 27
    assert figure.weighted is not None
    assert figure.weighted.score == pytest.approx(wanted[ward][1], abs=1e-4)
    # somebody of the published ones takes back what they said: those who are left are not the published people
    gone = next(r for r in sent if r.area == ward)
    scoring.take(
        ResponseWithdrawn(
            response_id=gone.response_id, response_version=2, questionnaire_id=scoring.questionnaire_id, person=None
        )
    )
    scoring.release(framework.id)
    weigh(scoring, framework.id)
    after = figures(scoring, framework)
    assert after[ward].n == 27
    assert after[ward].weighted is None
    assert after["*"].weighted is None
    # and as nobody may take the others from what was shown of all, another ward is held back with it
    held = [area for area, f in after.items() if f.weighted is None and area != "*"]
    assert len(held) >= 1
    assert [w.weighting for w in weightings(scoring, framework)] == [2, 1]
    assert figures(scoring, framework, weighting=1)[ward].weighted == figure.weighted


def test_what_is_hidden_stays_hidden_and_few_who_weigh_much_are_few(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    people = frame().dropna(subset="place").groupby("area").head(20).reset_index(drop=True)
    wards = sorted(people["area"].unique())
    few = people[people["area"] == wards[0]].index[7:]
    people = people.drop(few)
    # in the second ward, nearly all weight is on its men
    census(provisioned, council, dict.fromkeys(wards, 1_000.0), gender={"female": 999.0, "male": 1.0})
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people)
    scoring.release(framework.id)
    weigh(scoring, framework.id)
    for figure in figures(scoring, framework).values():
        if figure.suppressed:
            assert figure.weighted is None
        if figure.weighted is not None:
            assert figure.weighted.effective_n >= 10
    assert figures(scoring, framework)[wards[0]].suppressed
    [made] = weightings(scoring, framework)
    assert WeightingNote("few_answered", "area", wards[0]) not in made.notes
    assert made.largest <= 5.01


def test_without_a_census_that_fits_it_says_what_to_do(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    with pytest.raises(Conflict, match="civic import margins"):
        weigh(scoring, framework.id)
    census(provisioned, council, {}, shoe_size={"small": 1.0, "large": 2.0})
    with pytest.raises(Conflict, match="none of the attributes"):
        weigh(scoring, framework.id)
    census(provisioned, council, {}, gender={"woman": 1.0, "man": 2.0})
    send(scoring, frame().head(20))
    with pytest.raises(Conflict, match="no weights can be made by gender: Nobody who answered"):
        weigh(scoring, framework.id)
    assert weightings(scoring, framework) == []
    with psycopg.connect(provisioned.admin_url) as connection:
        query = "SELECT count(*) FROM scoring.weighted_figures WHERE tenant_id = %s"
        assert connection.execute(query, (council.id,)).fetchone() == (0,)


def test_a_run_that_is_stopped_leaves_nothing_and_the_next_begins_anew(
    scoring: Scoring,
    areas: dict[str, float],
    provisioned: Provisioned,
    council: TestCouncil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "CHUNK", 100)
    people = frame().head(150)
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people)
    scoring.release(framework.id)

    def kept() -> list[int]:
        with psycopg.connect(provisioned.admin_url) as connection:
            query = "SELECT count(*) FROM scoring.{} WHERE tenant_id = %s"
            rows = [
                connection.execute(query.format(table), (council.id,)).fetchone()
                for table in ("weighted_figures", "weightings")
            ]
        return [row[0] for row in rows if row]

    run: Run = scoring.call("start_run", StartRun("weights", framework.id))
    for number in (1, 2):
        with acting(scoring.council):
            operations.take_steps(scoring.database, [scoring.event(RunRequested(run_id=run.id, step=number))])
    assert kept()[0] > 0
    assert {f.weighted for f in figures(scoring, framework).values()} == {None}
    assert scoring.call("cancel_run", ById(run.id)).status == "cancelled"
    assert kept() == [0, 0]
    assert weigh(scoring, framework.id).status == "done"
    assert [w.weighting for w in weightings(scoring, framework)] == [1]
    assert figures(scoring, framework)["*"].weighted is not None
