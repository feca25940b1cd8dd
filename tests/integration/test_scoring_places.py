"""Area indicators from elsewhere: brought in whole, in versions, and combined with the survey's published figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from scipy import stats

from deploy.errors import DeployError
from deploy.importing.indicators import read_indicator
from schemas.errors import Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import (
    AreaIndicator,
    AreaScoresRequest,
    AreaValue,
    CreateFramework,
    Domain,
    FrameworkDefinition,
    ImportAreaIndicator,
    ListAreaIndicators,
)
from services.chassis.database import Database
from tests.integration.conftest import WARDS, TestCouncil
from tests.support.questionnaires import framework
from tests.support.scoring import Scoring

pytestmark = pytest.mark.integration


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    found = Scoring(open_database("scoring"), council.id, officer)
    found.take(found.published())
    return found


def values(numbers: tuple[float, ...], year: int = 2024) -> tuple[AreaValue, ...]:
    return tuple(
        AreaValue(row, area, number, year) for row, (area, number) in enumerate(zip(WARDS, numbers, strict=False), 2)
    )


def brought(scoring: Scoring, code: str, rows: tuple[AreaValue, ...]) -> Any:
    return scoring.call("import_area_indicator", ImportAreaIndicator(code, code.title(), "ONS", rows))


def combined(scoring: Scoring) -> FrameworkDefinition:
    """The survey's first domain beside claims (a high value is bad), and a domain from elsewhere alone."""
    whole = framework(scoring.questionnaire_id)
    claims = AreaIndicator("claims", -1, weight=3)
    voice = msgspec.structs.replace(whole.domains[0], area_indicators=(claims,))
    green = Domain("green", "Green space", (), area_indicators=(AreaIndicator("parks", normalisation="rank"),))
    return msgspec.structs.replace(whole, domains=(voice, green), aggregation="geometric")


def test_the_surveys_figures_and_those_from_elsewhere_make_one_index(scoring: Scoring) -> None:
    brought(scoring, "claims", values((10, 30, 20)))
    brought(scoring, "parks", values((7, 7, 9)))
    made = scoring.call("create_framework", CreateFramework("places", combined(scoring)))
    assert made.definition.domains[0].area_indicators[0].version == 1
    assert made.definition.domains[0].area_indicators[0].year == 2024
    scoring.call("activate_framework", ById(made.id))
    for ward, count in zip(WARDS, (20, 20, 4), strict=True):
        scoring.take(*(scoring.submitted({"speak": 6}, area=ward) for _ in range(count)))
    scoring.take(*(scoring.submitted({"speak": 6}, area="") for _ in range(20)))
    scoring.release(made.id)
    reply = scoring.call("area_scores", AreaScoresRequest(made.id))
    found = {(s.area, s.measure): (s.score, s.missing) for s in reply.items}
    # claims by min–max, turned round: 100, 0, 50; beside the survey's 60 with a third of its weight
    voice = {WARDS[0]: (60 + 3 * 100) / 4, WARDS[1]: (60 + 3 * 0) / 4}
    green = dict(zip(WARDS, 100 * stats.rankdata((7, 7, 9)) / 3, strict=True))
    for ward in WARDS[:2]:
        assert found[ward, "voice"] == (pytest.approx(voice[ward]), ())
        assert found[ward, "green"] == (pytest.approx(green[ward]), ())
        # by weights 2 and 1
        index = stats.gmean((voice[ward], green[ward]), weights=(2, 1))
        assert found[ward, "index"] == (pytest.approx(index), ())
    # the survey's figure of the third ward is held back, and so is everything that it would be part of
    assert found[WARDS[2], "voice"] == (None, ("survey",))
    assert found[WARDS[2], "green"] == (pytest.approx(100.0), ())
    assert found[WARDS[2], "index"] == (None, ("voice",))
    # pages
    first = scoring.call("area_scores", AreaScoresRequest(made.id, first=4))
    rest = scoring.call("area_scores", AreaScoresRequest(made.id, first=100, after=first.next))
    assert (*first.items, *rest.items) == reply.items
    assert rest.next is None
    # a later version of an indicator changes nothing of a framework that is live
    assert brought(scoring, "claims", values((99, 0, 0))).version == 2
    assert scoring.call("area_scores", AreaScoresRequest(made.id)).items == reply.items
    listed = scoring.call("list_area_indicators", ListAreaIndicators()).items
    assert [(i.code, i.version, i.years, i.areas) for i in listed] == [
        ("claims", 2, (2024,), 3),
        ("parks", 1, (2024,), 3),
    ]
    assert scoring.call("area_scores", AreaScoresRequest(made.id, level="lsoa")).items == ()
    with pytest.raises(NotFound):
        scoring.call("area_scores", AreaScoresRequest(new_id()))


def test_every_fault_is_named_by_row_and_column_and_nothing_is_taken(scoring: Scoring) -> None:
    rows = (
        *values((1, 2)),
        AreaValue(4, "E99", 3, 2024),
        AreaValue(5, WARDS[2], float("nan"), 2024),
        AreaValue(6, WARDS[0], 9, 2024),
    )
    with pytest.raises(Invalid, match="nothing of it was taken") as said:
        brought(scoring, "claims", rows)
    assert [p.path for p in said.value.problems] == [
        ("values", "row 2", "year"),
        ("values", "row 4", "area"),
        ("values", "row 5", "value"),
        ("values", "row 6", "year"),
    ]
    assert scoring.call("list_area_indicators", ListAreaIndicators()).items == ()
    with pytest.raises(Invalid) as unknown:
        scoring.call("create_framework", CreateFramework("places", combined(scoring)))
    assert [p.path[1:] for p in unknown.value.problems] == [
        ("voice", "area_indicators", "claims"),
        ("green", "area_indicators", "parks"),
    ]
    brought(scoring, "claims", values((1, 2)))
    wrong_year = AreaIndicator("claims", year=1999)
    whole = framework(scoring.questionnaire_id)
    domain = msgspec.structs.replace(whole.domains[0], area_indicators=(wrong_year,))
    with pytest.raises(Invalid) as year:
        scoring.call("create_framework", CreateFramework("places", msgspec.structs.replace(whole, domains=(domain,))))
    assert "choose one of 2024" in year.value.problems[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,value\nE1,2\n", "row 1: there is no column year"),
        ("area,value,year\nE1,many,2024\n,2,2024\nE1,2,24\n", "row 2, value: this is no number"),
        ("area,value,year\nE1,1,2024\n,2,2024\n", "row 3, area: there is none"),
        ("area,value,year\nE1,1,24\n", "row 2, year: this is no year"),
        ("area,value,year\n", "has no values"),
    ],
)
def test_a_file_that_is_wrong_is_told_by_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text)
    with pytest.raises(DeployError) as error:
        read_indicator(path)
    assert said in error.value.problem


def test_a_file_is_read_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text('\ufeffYear,Area,Name,Value\r\n2024,E1,North,"1,234.5"\r\n\r\n2023,E2,South,-2\r\n')
    assert read_indicator(path) == [AreaValue(2, "E1", 1234.5, 2024), AreaValue(4, "E2", -2.0, 2023)]
