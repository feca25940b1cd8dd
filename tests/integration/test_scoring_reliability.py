"""Reliability through the service: on real answers, by wave, kept from telling on few people, told with every score."""

import json
from collections.abc import Callable
from uuid import UUID

import pandas as pd
import pytest

from schemas.errors import NotFound
from schemas.events.scoring import RunRequested
from schemas.events.surveys import QuestionnaireClosed
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc.scoring import FiguresRequest, ListRuns, MyScores, ReliabilityRequest, ScaleReliability, StartRun
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring import operations
from services.scoring.operations.runs import steps
from tests.integration.conftest import TestCouncil
from tests.support.reference import reference
from tests.support.scoring import WARD, Scoring
from tests.support.spending import DOMAINS, ITEMS, frame, live_framework, published, responses

pytestmark = pytest.mark.integration
BY_PINGOUIN = """
import pandas as pd, pingouin as pg
from factor_analyzer import FactorAnalyzer
answer = {}
for scale, items in scales.items():
    raw = pd.DataFrame(rows, columns=columns)[items].astype(float)
    complete = raw.dropna()
    spread = complete.std().to_numpy()
    found = FactorAnalyzer(n_factors=1, method="ml", rotation=None).fit(complete).loadings_[:, 0]
    common = (found * spread).sum() ** 2
    alpha, interval = pg.cronbach_alpha(complete)
    answer[scale] = {
        "n": len(complete), "alpha": alpha, "low": interval[0], "high": interval[1],
        "pairwise": pg.cronbach_alpha(raw)[0],
        "omega": common / (common + ((1 - found ** 2) * spread ** 2).sum()),
        "missing": raw.isna().mean().tolist(),
        "rest": [complete[c].corr(complete.drop(columns=c).sum(axis=1)) for c in items],
    }
"""


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def known(scoring: Scoring, framework_id: UUID, wave: str | None = None) -> dict[str, ScaleReliability]:
    found = scoring.call("reliability", ReliabilityRequest(framework_id, wave))
    return {s.scale: s for s in found.items}


def walk(scoring: Scoring, framework_id: UUID) -> int:
    """Run it to the end; how many steps it took."""
    run = scoring.call("start_run", StartRun("reliability", framework_id))
    number = 1
    while run.status == "running":
        with acting(scoring.council):
            operations.take_steps(scoring.database, [scoring.event(RunRequested(run_id=run.id, step=number))])
        run = scoring.call("list_runs", ListRuns(framework_id)).items[0]
        number += 1
    assert run.status == "done"
    return number


def send(scoring: Scoring, people: pd.DataFrame, wave: str = "") -> None:
    sent = responses(scoring, people, wave)
    for start in range(0, len(sent), 500):
        scoring.take(*sent[start : start + 500])


def test_real_answers_in_many_steps_and_two_waves(scoring: Scoring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHUNK", 700)
    people = frame()
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people, "2024")
    send(scoring, people.head(200).iloc[::-1], "2025")
    assert walk(scoring, framework.id) == 4
    for wave, part in (("2024", people), ("2025", people.head(200))):
        found = known(scoring, framework.id, wave)
        scales = {**{d: list(items) for d, items in DOMAINS.items()}, "index": list(ITEMS)}
        rows = json.loads(part[list(ITEMS)].to_json(orient="values"))
        wanted = reference(BY_PINGOUIN, rows=rows, columns=list(ITEMS), scales=scales)
        assert found.keys() == {*scales, "care.all", "place.all"}
        for scale, theirs in wanted.items():
            ours = found[scale]
            assert (ours.asked, ours.n, ours.suppressed) == (len(part), theirs["n"], False)
            for name in ("alpha", "low", "high", "omega"):
                assert getattr(ours, name) == pytest.approx(theirs[name], abs=0.0056), (wave, scale, name)
            assert ours.alpha_pairwise == pytest.approx(theirs["pairwise"], abs=0.0051)
            assert [i.missing for i in ours.items] == pytest.approx(theirs["missing"], abs=0.0051)
            assert [i.rest_correlation for i in ours.items] == pytest.approx(theirs["rest"], abs=0.0051)
            assert ("low_reliability" in ours.warnings) == (min(theirs["alpha"], theirs["omega"]) < 0.7)


def test_nothing_moves_by_few_people_and_nothing_is_said_of_few(scoring: Scoring) -> None:
    people = frame().dropna(subset=list(ITEMS))
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people.head(9))
    walk(scoring, framework.id)
    few = known(scoring, framework.id)["care"]
    assert (few.suppressed, few.asked, few.n, few.alpha, few.omega, few.alpha_pairwise) == (True, *[None] * 5)
    assert {i.missing for i in few.items} == {None}
    assert "few_people" in few.warnings
    send(scoring, people.iloc[9:20])
    walk(scoring, framework.id)
    shown = known(scoring, framework.id)["care"]
    assert (shown.asked, shown.n) == (20, 20)
    send(scoring, people.iloc[20:24])
    walk(scoring, framework.id)
    assert known(scoring, framework.id)["care"] == shown
    send(scoring, people.iloc[24:25])
    walk(scoring, framework.id)
    assert known(scoring, framework.id)["care"].n == 25


def test_the_warning_follows_every_score(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    anna = Actor(person=new_id(), roles=(Role.RESIDENT,))
    scoring.take(
        scoring.submitted({"speak": 3, "alone": 2, "vote": 1}, person=anna.person),
        *(scoring.submitted({"speak": i % 11, "alone": 1 + i % 5, "vote": i % 2}) for i in range(29)),
    )
    scoring.release(framework_id)

    def said() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        mine = scoring.call("my_scores", MyScores(), anna).items[0].scores
        figures = scoring.call("figures", FiguresRequest(framework_id, areas=(WARD,), council=False)).items
        return {s.measure: s.warnings for s in mine}, {f.measure: f.warnings for f in figures}

    for warnings in said():
        assert set(warnings.values()) == {("not_checked",)}
    scoring.take(QuestionnaireClosed(questionnaire_id=scoring.questionnaire_id, version=1))
    scales = known(scoring, framework_id)
    for warnings in said():
        assert warnings == {measure: scales[measure].warnings for measure in warnings}
        assert "low_reliability" in warnings["index"]


def test_only_of_frameworks_that_count(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    with pytest.raises(NotFound):
        scoring.call("reliability", ReliabilityRequest(new_id()))
    with pytest.raises(NotFound):
        scoring.call("start_run", StartRun("reliability", new_id()))
    assert known(scoring, scoring.live_framework()) == {}


def test_every_figure_has_the_interval_that_scipy_gives_rounded_outward(scoring: Scoring) -> None:
    people = frame()
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    send(scoring, people)
    scoring.release(framework.id)
    found = scoring.call("figures", FiguresRequest(framework.id)).items
    groups = {"*": people} | {str(area): part for area, part in people.groupby("area")}
    wanted = reference(
        "import numpy as np\nfrom scipy import stats\nanswer = {}\n"
        "for key, s in groups.items():\n"
        "    low, high = stats.t.interval(0.95, len(s) - 1, np.mean(s), stats.sem(s))\n"
        "    answer[key] = [np.floor(low * 10) / 10, np.ceil(high * 10) / 10]",
        groups={f"{a}|{m}": list(part[m].dropna()) for a, part in groups.items() for m in (*DOMAINS, "index")},
    )
    assert len(found) == len(wanted)
    for figure in found:
        assert not figure.suppressed
        low, high = wanted[f"{figure.area or '*'}|{figure.measure}"]
        if figure.measure == "index":
            # made of its domains' figures, and never too narrow
            assert figure.high - figure.low >= high - low - 1e-9
        else:
            assert [figure.low, figure.high] == pytest.approx([low, high], abs=1e-9)
        assert (figure.level, figure.method) == (0.95, "t")
        assert figure.low < figure.score < figure.high
