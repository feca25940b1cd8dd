"""Needs through the service: published figures only, ranked with how sure that is, in one read along the key."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import pytest
from sqlalchemy import event

from deploy.provision.run import Provisioned
from schemas.errors import Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.scoring import FiguresRequest, Framework, NeedList, NeedsRequest
from services.chassis.database import Database
from tests.integration.conftest import TestCouncil
from tests.support.rows import connected
from tests.support.scoring import Scoring
from tests.support.spending import DOMAINS, frame, live_framework, published, responses

pytestmark = pytest.mark.integration


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def wards(provisioned: Provisioned, council: TestCouncil, codes: list[str]) -> None:
    with psycopg.connect(provisioned.owner_url("platform"), options="-c search_path=platform") as connection:
        connection.cursor().executemany(
            "INSERT INTO areas (tenant_id, code, name, level) VALUES (%s, %s, %s, 'ward') ON CONFLICT DO NOTHING",
            [(council.id, code, f"Ward {code[-2:]}") for code in codes],
        )


@pytest.fixture
def counted(scoring: Scoring, provisioned: Provisioned, council: TestCouncil) -> Framework:
    """All real answers, in ten wards, released."""
    people = frame()
    wards(provisioned, council, sorted(people["area"].unique()))
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    sent = responses(scoring, people)
    for start in range(0, len(sent), 500):
        scoring.take(*sent[start : start + 500])
    scoring.release(framework.id)
    return framework


def asked(scoring: Scoring, framework_id: UUID, **more: object) -> NeedList:
    found: NeedList = scoring.call("needs", NeedsRequest(framework_id, **more))  # type: ignore[arg-type]
    return found


def test_wards_by_need_with_what_pandas_says(scoring: Scoring, counted: Framework) -> None:
    found = asked(scoring, counted.id, level="ward")
    people = frame()
    # the index of a group is made of its domains' figures
    domains = people.groupby("area")[list(DOMAINS)]
    means = domains.mean().mean(axis=1).sort_values()
    assert [n.area for n in found.items] == list(means.index)
    assert [n.score for n in found.items] == pytest.approx(list(means), abs=1e-9)
    assert [n.n for n in found.items] == list(domains.count().min(axis=1)[means.index])
    assert (found.total, found.suppressed, found.title, found.measure) == (10, 0, "Spending", "index")
    assert found.runs >= 500
    assert (found.warnings, found.wave, found.attribute) == (("not_checked",), "", None)
    assert [n.name for n in found.items] == [f"Ward {code[-2:]}" for code in means.index]
    for need in found.items:
        assert need.low < need.score < need.high
        assert 1 <= need.rank_first <= need.rank_middle <= need.rank_last <= 10
        assert need.rank_last > need.rank_first
        assert need.robust is ((need.lowest_fifth or 0) >= found.robust_from)
    council = people[list(DOMAINS)].mean()
    for need in found.items:
        apart = (people[people["area"] == need.area][list(DOMAINS)].mean() - council) / 2
        if apart.min() < 0:
            assert (need.driver, need.driver_title) == (apart.idxmin(), str(apart.idxmin()).title())
            assert need.driver_points == round(apart.min(), 1)
        else:
            assert need.driver is None
    assert asked(scoring, counted.id, level="ward") == found
    assert asked(scoring, counted.id, level="ward", first=2, skip=3).items == found.items[3:5]


def test_small_wards_are_drawn_to_the_others(scoring: Scoring, counted: Framework) -> None:
    found = asked(scoring, counted.id, level="ward")
    by_people = sorted(found.items, key=lambda n: n.n)
    shares = [n.shrunk.own for n in by_people if n.shrunk]
    assert len(shares) == 10
    assert shares == sorted(shares)
    centre = np.mean([n.score for n in found.items])
    for need in found.items:
        assert need.shrunk is not None
        assert abs(need.shrunk.score - centre) <= abs(need.score - centre) + 2
        assert need.shrunk.low < need.shrunk.score < need.shrunk.high


def test_groups_of_the_council_and_groups_in_wards(scoring: Scoring, counted: Framework) -> None:
    people = frame()
    groups = asked(scoring, counted.id, attribute="gender", measure="care")
    means = people.groupby("gender")["care"].mean().sort_values()
    assert [(n.area, n.category) for n in groups.items] == [(None, g) for g in means.index]
    assert [n.score for n in groups.items] == pytest.approx(list(means), abs=1e-9)
    assert {(n.lowest_fifth, n.robust, n.driver, n.shrunk) for n in groups.items} == {(None, False, None, None)}
    both = asked(scoring, counted.id, attribute="gender", level="ward")
    assert both.total + both.suppressed == 20
    shown = {
        (f.area, f.category): f.score
        for f in scoring.call(
            "figures", FiguresRequest(counted.id, ("index",), council=False, attribute="gender")
        ).items
        if not f.suppressed
    }
    assert {(n.area, n.category): n.score for n in both.items} == shown


def test_what_is_hidden_is_not_ranked_and_not_counted_by_name(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    people = frame()
    wards(provisioned, council, sorted(people["area"].unique()))
    scoring.take(published(scoring))
    framework = live_framework(scoring)
    few = people.dropna(subset="index").groupby("area").head(12)
    few = few.drop(few[few["area"] == few["area"].max()].index[7:])
    scoring.take(*responses(scoring, few))
    scoring.release(framework.id)
    found = asked(scoring, framework.id, level="ward")
    hidden = {f.area for f in scoring.call("figures", FiguresRequest(framework.id, ("index",))).items if f.suppressed}
    assert few["area"].max() in hidden
    assert hidden.isdisjoint({n.area for n in found.items})
    assert (found.total, found.suppressed) == (10 - len(hidden), len(hidden))


def test_what_cannot_be_asked_says_so(scoring: Scoring, counted: Framework) -> None:
    for more, field in (
        ({"measure": "luck"}, "measure"),
        ({"level": "moon"}, "level"),
        ({"attribute": "x"}, "attribute"),
    ):
        with pytest.raises(Invalid) as refused:
            asked(scoring, counted.id, **more)
        assert refused.value.problems[0].path == (field,)
    with pytest.raises(NotFound):
        asked(scoring, new_id())
    assert asked(scoring, counted.id, level="ward", wave="never").items == ()


def test_the_figures_are_one_read_along_the_key(
    scoring: Scoring, counted: Framework, provisioned: Provisioned, council: TestCouncil
) -> None:
    reads: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if "figures" in statement:
            reads.append((statement, given))

    event.listen(scoring.database.engine, "before_cursor_execute", note)
    try:
        assert asked(scoring, counted.id, level="ward").total == 10
    finally:
        event.remove(scoring.database.engine, "before_cursor_execute", note)
    [(statement, given)] = reads
    with connected(provisioned, "scoring", council.id) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {statement}".encode(), given))
    assert "figures_pkey" in plan
    assert "Index Cond" in plan
    assert "Seq Scan" not in plan
