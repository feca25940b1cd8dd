"""Figures wave by wave: the published ones and no others, in one read along the key."""

from collections.abc import Callable
from statistics import fmean
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from deploy.provision.run import Provisioned
from schemas.errors import NotFound
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc.scoring import Figure, FigureList, FiguresRequest, TrendRequest
from services.chassis.database import Database
from tests.integration.conftest import TestCouncil
from tests.support.rows import connected
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
SPRING = [2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 4, 4]
WAVES = {"spring": SPRING, "autumn": [speak + 3 for speak in SPRING], "winter": [1]}
"""What people said, wave by wave; in the last one too few to tell of."""


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


@pytest.fixture
def framework_id(scoring: Scoring) -> UUID:
    scoring.take(scoring.published())
    found = scoring.live_framework()
    for wave, speaks in WAVES.items():
        scoring.take(*(scoring.submitted({"speak": s, "vote": s / 10}, wave=wave) for s in speaks))
        scoring.release(found)
    return found


def trend(scoring: Scoring, framework_id: UUID, actor: Actor | None = None, **more: Any) -> tuple[Figure, ...]:
    found: FigureList = scoring.call("trend", TrendRequest(framework_id, **more), actor)
    return found.items


def test_the_waves_stand_in_the_order_in_which_they_came_out(scoring: Scoring, framework_id: UUID) -> None:
    anybody = Actor(None, (Role.ANONYMOUS,))
    found = trend(scoring, framework_id, anybody, measures=("voice",))
    assert [(f.wave, f.area, f.n, f.suppressed) for f in found] == [
        ("spring", None, 12, False),
        ("autumn", None, 12, False),
    ]
    assert [f.score for f in found] == [pytest.approx(10 * fmean(WAVES[wave])) for wave in ("spring", "autumn")]
    assert [f.warnings for f in found] == [("not_checked",)] * 2
    assert all(f.low < f.score < f.high for f in found)  # type: ignore[operator]


@pytest.mark.parametrize("area", [None, WARD])
def test_it_tells_what_figures_tell_and_no_more(scoring: Scoring, framework_id: UUID, area: str | None) -> None:
    one_by_one = [
        figure
        for wave in WAVES
        for figure in scoring.call("figures", FiguresRequest(framework_id, areas=(area or "",), wave=wave)).items
        if figure.area == area
    ]
    assert list(trend(scoring, framework_id, area=area)) == one_by_one
    assert len(one_by_one) == 4


def test_a_place_that_is_none_has_no_figures_and_a_framework_that_is_none_is_not_found(
    scoring: Scoring, framework_id: UUID
) -> None:
    for area in ("", "E09999999"):
        assert trend(scoring, framework_id, area=area) == (trend(scoring, framework_id) if not area else ())
    with pytest.raises(NotFound, match="there is no such framework"):
        trend(scoring, new_id())


def test_it_is_one_read_along_the_key(
    scoring: Scoring, framework_id: UUID, provisioned: Provisioned, council: TestCouncil
) -> None:
    reads: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if "figures" in statement:
            reads.append((statement, given))

    event.listen(scoring.database.engine, "before_cursor_execute", note)
    try:
        trend(scoring, framework_id, measures=("voice", "index"))
    finally:
        event.remove(scoring.database.engine, "before_cursor_execute", note)
    [(statement, given)] = reads
    with connected(provisioned, "scoring", council.id) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {statement}".encode(), given))
    assert "figures_pkey" in plan
    assert "Index Cond" in plan
    assert "Seq Scan" not in plan
