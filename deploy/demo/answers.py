"""Made-up answers, the same every time, with differences between places and people such as surveys find."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from deploy.demo.questionnaire import INSTRUMENT
from schemas import instruments
from schemas.rpc.surveys import Answer, ImportRow, Item

COUNT = 400
LEAST_PER_WARD = 12
FIRST_DAY = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAYS = 60
SKIPPED = 0.06
"""The share of questions that people leave out."""
AGE_SHIFTS = {"16-24": -0.06, "25-44": -0.02, "45-64": 0.03, "65+": 0.05}
FORM = instruments.questionnaire(INSTRUMENT)
WAYS = {item.code: item.direction for item in INSTRUMENT.items}


def rows(seed: str, wards: Sequence[str]) -> Iterator[ImportRow]:
    """COUNT rows over all the wards, at least LEAST_PER_WARD in each, so that each ward's figures can be shown."""
    chance = random.Random(seed)
    leanings = {ward: {d.code: chance.gauss(0, 0.08) for d in INSTRUMENT.domains} for ward in wards}
    for row in range(1, COUNT + 1):
        ward = wards[row % len(wards)] if row <= LEAST_PER_WARD * len(wards) else chance.choice(wards)
        groups = {
            attribute.code: chance.choice(list(attribute.categories)[: 3 if attribute.code == "age_band" else 2])
            for attribute in FORM.attributes
            if chance.random() > SKIPPED
        }
        if groups.get("age_band") and chance.random() < 0.3:
            groups["age_band"] = "65+"
        if groups.get("gender") and chance.random() < 0.03:
            groups["gender"] = "another"
        person = chance.gauss(0.58, 0.14) + AGE_SHIFTS.get(groups.get("age_band", ""), 0.0)
        answers: dict[str, Answer] = {}
        for section in FORM.sections:
            level = person + leanings[ward].get(section.code, 0.0)
            answers |= {i.code: _answer(chance, i, level) for i in section.items if chance.random() > SKIPPED}
        yield ImportRow(row, answers, ward, groups, None, FIRST_DAY + timedelta(days=chance.uniform(0, DAYS)))


def _answer(chance: random.Random, item: Item, level: float) -> Answer:
    """An answer around `level` (0 low, 1 high in what is measured); words are left out: a computer has no opinion."""
    if item.kind == "text":
        return None
    share = min(1.0, max(0.0, chance.gauss(level, 0.2)))
    if item.kind == "single_choice":
        without_score = [c.code for c in item.choices if c.score is None]
        if without_score and chance.random() < 0.05:
            return chance.choice(without_score)
        ordered = sorted((c for c in item.choices if c.score is not None), key=lambda c: c.score or 0.0)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))].code
    if WAYS[item.code] == -1:
        share = 1.0 - share
    low, high = item.minimum or 0.0, item.maximum or 0.0
    return round(low + share * (high - low))
