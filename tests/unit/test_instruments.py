"""The library of instruments: every file holds together, and every rule gives what its authors say."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Invalid
from schemas.ids import new_id
from schemas.instruments import LIBRARY, Instrument, find, framework, questionnaire, words, written_in
from schemas.instruments.library import DATA
from schemas.rpc.surveys import wording as languages
from services.scoring.model import INDEX, UNIT, Framework, measures_of
from services.scoring.model.framework import faults_of
from services.surveys import model as surveys_model
from tests.support.running import ROOT

ID = new_id()
ALL = list(LIBRARY.values())
OURS = [i for i in ALL if i.wording == "included"]
each = pytest.mark.parametrize("instrument", ALL, ids=lambda i: i.code)
each_of_ours = pytest.mark.parametrize("instrument", OURS, ids=lambda i: i.code)


def ranges_of(instrument: Instrument) -> dict[str, tuple[float, float]]:
    return {i.code: (i.minimum, i.maximum) for i in instrument.items}


def compiled(code: str) -> Framework:
    instrument = find(code)
    return Framework.parse(msgspec.to_builtins(framework(instrument, ID)), ranges_of(instrument))


def scores(code: str, *answers: float | None) -> dict[str, float]:
    given = {i.code: a for i, a in zip(find(code).items, answers, strict=True) if a is not None}
    return {measure: score / UNIT for measure, score in compiled(code).scores(given).items()}


def test_what_is_in_it() -> None:
    assert set(LIBRARY) == {
        ("barc-10", 1), ("civic-capacity", 1), ("ons4", 1), ("recovery-community", 1), ("swemwbs", 1), ("ucla-3", 1),
    }  # fmt: skip
    assert {p.name for p in DATA.glob("*.json")} == {f"{i.code}.v{i.version}.json" for i in ALL}
    assert [(i.code, len(i.items)) for i in OURS] == [("civic-capacity", 26), ("recovery-community", 20)]
    assert [i.code for i in ALL if i.registration] == ["swemwbs"]
    with pytest.raises(Invalid, match="no such instrument") as raised:
        find("phq-9", None, "instrument")
    assert raised.value.problems[0].path == ("instrument", "code")
    with pytest.raises(Invalid):
        find("ons4", 2)


@each
def test_a_file_holds_together(instrument: Instrument) -> None:
    codes = [i.code for i in instrument.items]
    assert len(set(codes)) == len(codes)
    assert all(i.minimum < i.maximum for i in instrument.items)
    scored = [c for s in instrument.scales for c in s.items]
    scored += [c for d in instrument.domains for i in d.indicators for c in i.items]
    assert sorted(scored) == sorted(codes), "each item counts once"
    assert faults_of(msgspec.to_builtins(framework(instrument, ID)), ranges_of(instrument)) == []
    assert (instrument.questionnaire is not None) == bool(instrument.languages) == (instrument.wording == "included")
    assert instrument.registration is None or instrument.wording == "supplied"


@each_of_ours
def test_every_language_has_every_word_and_no_other(instrument: Instrument) -> None:
    assert [(known.code, known.state) for known in instrument.languages] == [
        ("en", "original"),
        *((code, "machine-drafted-needs-native-review") for code in ("cy", "pl", "ur")),
    ]
    english = words(instrument, written_in(instrument, "en"))
    for language in ("cy", "pl", "ur"):
        wording = written_in(instrument, language)
        found = words(instrument, wording)
        assert list(found) == list(english)
        assert [path for path, said in found.items() if not said.strip()] == []
        assert [path for path, said in found.items() if said == english[path]] == []
        if language == "ur":
            assert [path for path, said in found.items() if not re.search("[\u0600-\u06ff]", said)] == []
    assert instrument.questionnaire is not None
    outlined = [i for s in instrument.questionnaire.sections for i in s.items]
    for language in ("en", "cy", "pl", "ur"):
        wording = written_in(instrument, language)
        assert set(wording.items) == {i.code for i in outlined}
        assert set(wording.sections) == {s.code for s in instrument.questionnaire.sections}
        assert set(wording.answers) == {i.answers for i in outlined if i.answers}
        assert set(instrument.questionnaire.required_purposes) <= set(wording.purposes)


@each_of_ours
def test_our_questionnaire_asks_each_item_on_its_range(instrument: Instrument) -> None:
    made = questionnaire(instrument, area_level="ward")
    assert (made.language, list(made.translations), made.area_level) == ("en", ["cy", "pl", "ur"], "ward")
    assert made.instruments == (instrument.code,)
    assert surveys_model.faults_of(msgspec.to_builtins(made)) == []
    assert list(languages.missing(made)) == []
    form = surveys_model.compiled(msgspec.to_builtins(made))
    assert {code: item.bounds for code, item in form.items.items() if item.bounds} == ranges_of(instrument)
    welsh = questionnaire(instrument, ["cy", "en"])
    assert (welsh.language, list(welsh.translations)) == ("cy", ["en"])
    assert welsh.title == made.translations["cy"]["title"]
    for section in made.sections:
        for item in section.items:
            if item.kind == "scale":
                assert item.minimum is not None
                assert {f"{item.minimum:g}", f"{item.maximum:g}"} <= set(item.labels)


@each
def test_the_guide_says_what_the_data_say(instrument: Instrument) -> None:
    """Sources, ranges, bands and tables stand in the guide as they do in the file."""
    guide = re.sub(r"[*]|\n", " ", (ROOT / "docs" / "instruments.md").read_text())
    guide = re.sub(r" +", " ", guide)
    if instrument.wording == "supplied":
        assert instrument.source[0] in guide, "the paper that the rule is from"
    assert f"`{instrument.code}`" in guide
    for domain in instrument.domains:
        for indicator in domain.indicators:
            named = (f"−{c}" if instrument.item(c).direction == -1 else c for c in indicator.items)  # type: ignore[union-attr]
            assert f"`{indicator.code}`: {', '.join(named)}" in guide
    for scale in instrument.scales:
        for step, value in enumerate(scale.table):
            assert f"| {int(scale.minimum) + step} | {value:.2f} |" in guide
        for band in scale.bands:
            assert re.search(rf"`{scale.code}`[^\n]*{band.lowest:g}–\d+ {band.label.lower()}", guide)


def test_sensitive_questions_can_be_declined() -> None:
    recovery = questionnaire(find("recovery-community"))
    assert all(i.prefer_not_to_say for s in recovery.sections for i in s.items if i.kind != "text")
    civic = {i.code: i.prefer_not_to_say for s in questionnaire(find("civic-capacity")).sections for i in s.items}
    assert all(civic[c] for c in ("voted", "barriers", "satisfied", "lonely", "count_on"))


def test_words_that_are_not_ours_are_not_given() -> None:
    with pytest.raises(Invalid) as raised:
        questionnaire(find("ucla-3"))
    assert "Import your questionnaire" in raised.value.problems[0].message
    with pytest.raises(Invalid, match="no words in this language") as raised:
        questionnaire(find("civic-capacity"), ["fr"])
    assert raised.value.problems[0].path == ("instrument", "languages")


def test_a_mapping_names_the_council_s_own_questions() -> None:
    made = framework(find("ucla-3"), ID, {"left_out": "q7"})
    assert [i.code for i in made.scales[0].items] == ["companionship", "q7", "isolated"]
    assert (made.scales[0].instrument, made.scales[0].instrument_version) == ("ucla-3", 1)
    with pytest.raises(Invalid) as raised:
        framework(find("ucla-3"), ID, {"lonely": "q1", "left_out": "isolated"})
    assert [p.path[-1] for p in raised.value.problems] == ["lonely", "left_out", "isolated"]


def test_barc_10_is_the_sum_of_ten() -> None:
    assert scores("barc-10", *[1] * 10) == {"barc10": 10}
    assert scores("barc-10", *[6] * 10) == {"barc10": 60}
    assert scores("barc-10", 1, 2, 3, 4, 5, 6, 5, 4, 3, 2) == {"barc10": 35}
    for gap in range(10):
        assert scores("barc-10", *[None if n == gap else 6 for n in range(10)]) == {}


def test_ucla_3_is_the_sum_of_three() -> None:
    assert scores("ucla-3", 1, 1, 1) == {"ucla3": 3}
    assert scores("ucla-3", 3, 3, 3) == {"ucla3": 9}
    assert scores("ucla-3", 1, 2, 3) == {"ucla3": 6}
    for gap in range(3):
        assert scores("ucla-3", *[None if n == gap else 2 for n in range(3)]) == {}


def test_ons4_is_four_figures_and_never_one() -> None:
    four = ["ons_satisfied", "ons_worthwhile", "ons_happy", "ons_anxious"]
    assert scores("ons4", 7, 8, 9, 2) == dict(zip(four, (7, 8, 9, 2), strict=True))
    assert scores("ons4", None, 0, None, 10) == {"ons_worthwhile": 0, "ons_anxious": 10}
    assert INDEX not in compiled("ons4").scores(dict.fromkeys(ranges_of(find("ons4")), 5))
    assert [s.direction for s in find("ons4").scales] == [1, 1, 1, -1]


def test_ons4_has_the_bands_of_the_ons() -> None:
    rising = ["low"] * 5 + ["medium"] * 2 + ["high"] * 2 + ["very_high"] * 2
    anxiety = ["very_low"] * 2 + ["low"] * 2 + ["medium"] * 2 + ["high"] * 5
    for code, scale in compiled("ons4").scales.items():
        found = [scale.band(answer * UNIT) for answer in range(11)]
        assert [b.code for b in found if b] == (anxiety if code == "ons_anxious" else rising)
        assert all(b and b.words for b in found)


METRIC = dict(
    line.split()
    for line in """
    7 7.00|8 9.51|9 11.25|10 12.40|11 13.33|12 14.08|13 14.75|14 15.32|15 15.84|16 16.36|17 16.88|18 17.43|19 17.98
    20 18.59|21 19.25|22 19.98|23 20.73|24 21.54|25 22.35|26 23.21|27 24.11|28 25.03|29 26.02|30 27.03|31 28.13
    32 29.31|33 30.70|34 32.55|35 35.00
    """.strip()
    .replace("\n", "|")
    .split("|")
)
"""The table of the University of Warwick: sum → metric score."""


def test_swemwbs_gives_every_metric_score_of_the_table() -> None:
    assert len(METRIC) == 29
    by = compiled("swemwbs")
    for raw, metric in METRIC.items():
        above = int(raw) - 7
        answers = [1 + min(4, max(0, above - 4 * n)) for n in range(7)]
        assert sum(answers) == int(raw)
        found = by.scores({f"swemwbs_{n}": a for n, a in enumerate(answers, 1)})
        assert found == {"swemwbs": int(metric.replace(".", "")) * UNIT // 100}
    for gap in range(7):
        assert scores("swemwbs", *[None if n == gap else 3 for n in range(7)]) == {}


def test_civic_capacity_from_end_to_end() -> None:
    worst = [i.minimum if i.direction == 1 else i.maximum for i in find("civic-capacity").items]
    best = [i.maximum if i.direction == 1 else i.minimum for i in find("civic-capacity").items]
    measures = ("skills", "behaviours", "opportunities", "wellbeing", INDEX)
    assert scores("civic-capacity", *worst) == dict.fromkeys(measures, 0)
    assert scores("civic-capacity", *best) == dict.fromkeys(measures, 100)


def test_civic_capacity_needs_one_answer_of_two() -> None:
    by = compiled("civic-capacity")
    assert by.scores({"speak_up": 4, "volunteer": 2, "voted": 1, "hopeful": 7}) == {
        "skills": 75 * UNIT,
        "behaviours": round(62.5 * UNIT),
        "wellbeing": 70 * UNIT,
        INDEX: round((75 + 62.5 + 70) / 3 * UNIT),
    }
    assert by.scores({"lonely": 10}) == {"wellbeing": 0, INDEX: 0}
    assert by.scores({"lonely": 10, "count_on": 10}) == {"wellbeing": 50 * UNIT, INDEX: 50 * UNIT}
    assert by.scores({}) == {}


def test_recovery_and_community_needs_one_answer_of_two() -> None:
    by = compiled("recovery-community")
    assert by.scores({"worry": 5, "respect": 5, "choice": 3}) == {
        "services": round((0 + 75) / 2 * UNIT),
        INDEX: round(37.5 * UNIT),
    }
    answers: dict[str, float] = {i.code: 5 if i.direction == 1 else 1 for i in find("recovery-community").items}
    assert by.scores(answers) == dict.fromkeys(("community", "services", "feelings", INDEX), 100 * UNIT)


@st.composite
def answered(draw: Any) -> tuple[Instrument, dict[str, int], str]:
    instrument = draw(st.sampled_from(ALL))
    answers = {i.code: draw(st.integers(int(i.minimum), int(i.maximum))) for i in instrument.items}
    raised = draw(st.sampled_from(instrument.items))
    kept = draw(st.sets(st.sampled_from([*answers]), max_size=2)) - {raised.code}
    return instrument, {code: a for code, a in answers.items() if code not in kept}, raised.code


COMPILED = {i.code: compiled(i.code) for i in ALL}
MEASURES = {i.code: measures_of(msgspec.to_builtins(framework(i, ID))) for i in ALL}


@given(answered())
def test_scores_are_in_their_range_and_rise_with_each_answer(given: tuple[Instrument, dict[str, int], str]) -> None:
    instrument, answers, code = given
    item = instrument.item(code)
    assert item is not None
    before = COMPILED[instrument.code].scores(answers)
    best = item.maximum if item.direction == 1 else item.minimum
    after = COMPILED[instrument.code].scores(answers | {code: best})
    assert set(before) == set(after)
    for measure, score in before.items():
        _, low, high = MEASURES[instrument.code][measure]
        assert low * UNIT <= score <= high * UNIT
        assert after[measure] >= score
