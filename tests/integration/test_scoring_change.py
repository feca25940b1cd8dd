"""Change between waves, from stored responses and published figures."""

import random
from collections.abc import Callable
from math import sqrt
from statistics import fmean, stdev
from typing import Any
from uuid import UUID

import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Forbidden, Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.scoring import CellChangeRequest, MyChange
from services.chassis.database import Database
from services.scoring.model.statistics.intervals import Estimate, difference
from tests.integration.conftest import TestCouncil
from tests.support.rows import connected
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
OTHER_WARD = "E05002170"


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


@pytest.fixture
def framework_id(scoring: Scoring) -> UUID:
    scoring.take(scoring.published())
    return scoring.live_framework()


def answered(scoring: Scoring, wave: str, speaks: list[int], **more: Any) -> None:
    scoring.take(*(scoring.submitted({"speak": s, "vote": s / 10}, wave=wave, **more) for s in speaks))


def test_a_persons_change_is_judged_by_what_is_known_of_the_measure(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, resident: Actor, framework_id: UUID
) -> None:
    chance = random.Random(1)
    speaks = [chance.randint(0, 10) for _ in range(40)]
    answered(scoring, "spring", speaks)
    scoring.take(scoring.submitted({"speak": 2, "vote": 0.2, "alone": 3}, wave="spring", person=resident.person))
    scoring.release(framework_id)
    with pytest.raises(NotFound, match="no two rounds of yours"):
        scoring.call("my_change", MyChange(framework_id), resident)
    scoring.take(scoring.submitted({"speak": 9, "vote": 0.9}, wave="autumn", person=resident.person))
    found = scoring.call("my_change", MyChange(framework_id), resident)
    assert (found.before, found.after) == ("spring", "autumn")
    voice, index = found.measures
    # nobody has worked out yet how far answers waver
    assert (voice.measure, voice.before, voice.after) == ("voice", 20.0, 90.0)
    assert (voice.verdict, voice.index, voice.clear_from) == ("unknown", None, None)
    assert index.measure == "index"

    with connected(provisioned, "scoring", council.id) as connection:
        connection.execute(
            "INSERT INTO reliability (tenant_id, framework_id, version, wave, scale, asked, n, outcome, warnings, "
            "computed_at) VALUES (%s, %s, 1, 'spring', 'voice', 41, 41, %s, '{}', now())",
            (council.id, framework_id, '{"alpha": 0.8, "shown": true}'),
        )
    [voice, _] = scoring.call("my_change", MyChange(framework_id, "spring", "autumn"), resident).measures
    spread = stdev([10.0 * s for s in [*speaks, 2]])
    assert voice.verdict == "more"
    # the spread is rounded up to a thousandth of the scale
    assert voice.index == pytest.approx(70 / (sqrt(2) * spread * sqrt(0.2)), rel=0.01)
    assert voice.clear_from == pytest.approx(1.96 * 70 / voice.index)
    back = scoring.call("my_change", MyChange(framework_id, "autumn", "spring"), resident).measures[0]
    assert (back.before, back.after, back.verdict) == (90.0, 20.0, "unknown")
    for before, after in (("spring", "winter"), ("winter", None), ("spring", "spring")):
        with pytest.raises(NotFound):
            scoring.call("my_change", MyChange(framework_id, before, after), resident)
    with pytest.raises(NotFound):
        scoring.call("my_change", MyChange(framework_id), Actor(new_id(), resident.roles))
    with pytest.raises(Forbidden):
        scoring.call("my_change", MyChange(framework_id), Actor(None, resident.roles))
    with pytest.raises(NotFound):
        scoring.call("my_change", MyChange(new_id()), resident)


def test_the_change_of_figures_comes_from_what_is_published(scoring: Scoring, framework_id: UUID) -> None:
    chance = random.Random(2)
    spring, autumn = [chance.randint(0, 5) for _ in range(25)], [chance.randint(5, 10) for _ in range(30)]
    answered(scoring, "spring", spring)
    answered(scoring, "autumn", autumn)
    # another ward, with enough people in one wave only
    answered(scoring, "spring", [5] * 3, area=OTHER_WARD)
    answered(scoring, "autumn", [5] * 12, area=OTHER_WARD)
    scoring.release(framework_id)

    def asked(**more: Any) -> dict[tuple[str | None, str], Any]:
        request = CellChangeRequest(framework_id, "spring", "autumn", **more)
        return {(c.area, c.measure): c for c in scoring.call("cell_change", request).items}

    found = asked(measures=("voice",))
    ward = found[WARD, "voice"]
    assert (ward.suppressed, ward.method, ward.verdict) == (False, "welch", "more")
    one, other = ([10.0 * s for s in wave] for wave in (autumn, spring))
    after, before = (Estimate(fmean(s), stdev(s) ** 2 / len(s), len(s)) for s in (one, other))
    wanted = difference(after, before)
    assert wanted is not None
    assert ward.difference == pytest.approx(fmean(one) - fmean(other))
    # outward, on a grid
    assert 0 <= wanted.low - ward.low < 0.2
    assert 0 <= ward.high - wanted.high < 0.2
    held_back = found[OTHER_WARD, "voice"]
    assert (held_back.suppressed, held_back.difference, held_back.low, held_back.high, held_back.verdict) == (
        True,
        None,
        None,
        None,
        None,
    )
    # answers that came after the release tell nothing yet
    answered(scoring, "autumn", [0])
    assert asked(measures=("voice",))[WARD, "voice"] == ward
    first = scoring.call("cell_change", CellChangeRequest(framework_id, "spring", "autumn", first=1))
    rest = scoring.call("cell_change", CellChangeRequest(framework_id, "spring", "autumn", after=first.next))
    assert [(c.area, c.measure) for c in (*first.items, *rest.items)] == list(asked())
    with pytest.raises(Invalid):
        scoring.call("cell_change", CellChangeRequest(framework_id, "spring", "autumn", attribute="shoe"))
    with pytest.raises(NotFound):
        scoring.call("cell_change", CellChangeRequest(new_id(), "spring", "autumn"))
