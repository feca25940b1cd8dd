"""Questions of every kind: which answers count, as what they are stored, and what is said of the others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveys.model import values
from tests.support.forms import WARD, checked, choices, form, told

ROWS = ({"code": "r1", "label": "Parks"}, {"code": "r2", "label": "Buses"})
SCORED = choices("no", "yes", "unsure", no={"score": 0}, yes={"score": 2})
ITEMS: dict[str, dict[str, Any]] = {
    "slide": {"kind": "slider", "minimum": 0, "maximum": 1, "step": 0.1},
    "whole": {"kind": "slider", "minimum": -5, "maximum": 5},
    "steps": {"kind": "number", "step": 5},
    "from_one": {"kind": "number", "minimum": 1, "step": 5},
    "one": {"kind": "single_choice", "choices": SCORED, "other": True},
    "many": {
        "kind": "multiple_choice",
        "choices": choices("a", "b", "c", "none", none={"exclusive": True}),
        "minimum": 2,
        "maximum": 3,
        "other": True,
    },
    "rank": {"kind": "ranking", "choices": choices("a", "b", "c"), "maximum": 2},
    "grid": {"kind": "matrix", "rows": ROWS, "choices": SCORED, "prefer_not_to_say": True},
    "scales": {"kind": "matrix", "rows": ROWS, "minimum": 1, "maximum": 5},
    "labels": {"kind": "matrix", "rows": ROWS, "choices": choices("x", "y")},
    "born": {"kind": "date", "earliest": "1900-01-01", "latest": "today"},
    "day": {"kind": "date"},
    "story": {"kind": "long_text"},
    "place": {"kind": "place"},
    "agree": {"kind": "consent"},
    "must": {"kind": "consent", "required": True, "relevance": "${agree} = 'yes'"},
    "read": {"kind": "note"},
    "shy": {"kind": "scale", "minimum": 1, "maximum": 5, "prefer_not_to_say": True},
    "quiet": {"kind": "text", "prefer_not_to_say": True},
}
FORM = form(ITEMS)


def test_scored_items_have_ranges() -> None:
    assert dict(FORM.measures) == {
        "slide": (0, 1),
        "whole": (-5, 5),
        "one": (0, 2),
        "grid.r1": (0, 2),
        "grid.r2": (0, 2),
        "scales.r1": (1, 5),
        "scales.r2": (1, 5),
        "shy": (1, 5),
    }


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *(("slide", n) for n in (0, 0.1, 0.3, 0.7, 1)),
        *(("whole", n) for n in (-5, 0, 5.0)),
        *(("steps", n) for n in (-10, 0, 5)),
        *(("from_one", n) for n in (1, 6)),
        *(("one", c) for c in ("no", "unsure", "other")),
        *(("many", c) for c in (["a", "b"], ["c", "b", "other"], ["none"])),
        *(("rank", c) for c in (["c"], ["b", "a"])),
        *(("grid", r) for r in ({"r1": "no", "r2": "unsure"}, {"r2": "yes"}, {"r1": "prefer_not_to_say"})),
        ("grid", "prefer_not_to_say"),
        ("scales", {"r1": 1, "r2": 5}),
        *(("born", d) for d in ("1900-01-01", "2026-11-25")),
        *(("day", d) for d in ("0001-01-01", "2024-02-29", "9999-12-31")),
        ("story", "x" * 10_000),
        ("place", WARD),
        *(("agree", a) for a in ("yes", "no")),
        *(("shy", a) for a in (1, "prefer_not_to_say")),
        *(("quiet", a) for a in ("No.", "prefer_not_to_say")),
    ],
)
def test_an_answer_that_fits_is_kept_as_it_is(code: str, answer: Any) -> None:
    extra = {"must": "yes"} if (code, answer) == ("agree", "yes") else {}
    assert checked(FORM, {code: answer, **extra}) == ({code: answer, **extra}, [])


@pytest.mark.parametrize(
    ("written", "kept"),
    [("pe1 1hf", "PE1 1HF"), (" PE11HF ", "PE1 1HF"), ("sw1a  1aa", "SW1A 1AA"), ("m11ae", "M1 1AE"), ("B33 8TH",) * 2],
)
def test_a_postcode_is_stored_as_it_is_written_on_letters(written: str, kept: str) -> None:
    assert checked(FORM, {"place": written}) == ({"place": kept}, [])


SLIDE = "Give a number from 0 to 1."
STEP = "Give a number in steps of 0.1, counted from 0."
PLACE = "Give a whole postcode, such as PE1 1HF, or choose one of the areas."
DAY = "Give a day as year-month-day, such as 2026-11-25."
ALONE = "One of these answers goes with no other. Choose it alone, or leave it out."
UNSAID = "You cannot choose “prefer not to say” here. Answer it, or leave it empty."


@pytest.mark.parametrize(
    ("code", "answer", "place", "message"),
    [
        *(("slide", n, (), SLIDE) for n in (-0.1, 1.1)),
        *(("slide", n, (), STEP) for n in (0.05, 0.31)),
        *(("slide", n, (), "Give a number.") for n in ("0.1", True, float("nan"), float("inf"), [0.1])),
        ("whole", 0.5, (), "Give a number in steps of 1, counted from -5."),
        ("steps", 7, (), "Give a number in steps of 5, counted from 0."),
        ("from_one", 5, (), "Give a number in steps of 5, counted from 1."),
        *(("one", c, (), "Choose one of the answers offered.") for c in ("others", 1, ["no"], {"no": 1})),
        ("many", ["a"], (), "Choose at least 2."),
        ("many", ["a", "b", "c", "other"], (), "Choose at most 3."),
        ("many", ["a", "none"], (), ALONE),
        ("many", ["a", "a"], (), "Choose each answer once."),
        *(("many", c, (), "Choose among the answers offered.") for c in ("a", ["z", "a"], [1], {"a": 1})),
        ("rank", ["a", "b", "c"], (), "Choose at most 2."),
        ("rank", ["a", "other"], (), "Choose among the answers offered."),
        *(("grid", a, (), "Answer row by row.") for a in ("no", ["no"], 1)),
        ("grid", {"r1": "maybe"}, ("r1",), "Choose one of the answers offered."),
        ("grid", {"r3": "yes"}, ("r3",), "This question has no such row; leave it out."),
        *(("scales", {"r2": n}, ("r2",), "Choose a whole number from 1 to 5.") for n in (0, 6, 1.5, "1", "yes")),
        ("scales", "prefer_not_to_say", (), UNSAID),
        ("born", "1899-12-31", (), "Give a day from 1900-01-01 on."),
        ("born", "2026-11-26", (), "Give a day up to 2026-11-25."),
        *(("day", d, (), DAY) for d in ("2025-02-29", "25.11.2026", "2026-1-1", "20261125", "", 20261125)[:4]),
        *(("day", d, (), DAY) for d in (20261125, "2026-11-25T10:00", "٢٠٢٦-١١-٢٥", ["2026-11-25"])),
        ("story", "x" * 10_001, (), "Write at most 10,000 letters."),
        *(
            ("place", p, (), PLACE)
            for p in ("PE1", "E05009999", "PE1 1CF", "12345", "Peterborough", 1, ["PE1 1HF"], "\x00")
        ),
        *(("agree", a, (), "Say yes or no.") for a in ("maybe", True, 1, ["yes"])),
        ("read", "ok", (), "There is nothing to answer here; leave it out."),
        ("day", "prefer_not_to_say", (), UNSAID),
    ],
)
def test_an_answer_that_does_not_fit_is_told_the_remedy(
    code: str, answer: Any, place: tuple[str, ...], message: str
) -> None:
    assert told(FORM, {code: answer}) == {(code, *place): message}
    assert checked(FORM, {code: answer})[0] == {}


def test_every_row_that_does_not_fit_is_named() -> None:
    assert told(FORM, {"scales": {"r2": 9, "r1": 0, "r7": 1}}) == {
        ("scales", "r7"): "This question has no such row; leave it out.",
        ("scales", "r1"): "Choose a whole number from 1 to 5.",
        ("scales", "r2"): "Choose a whole number from 1 to 5.",
    }


def test_blank_rows_are_no_answers() -> None:
    assert checked(FORM, {"scales": {"r1": None, "r2": 3}}) == ({"scales": {"r2": 3}}, [])
    assert checked(FORM, {"scales": {"r1": None, "r2": ""}}) == ({}, [])


def test_without_areas_only_a_postcode_is_a_place() -> None:
    bare = form({"place": {"kind": "place"}}, area_level=None)
    assert told(bare, {"place": WARD}) == {("place",): "Give a whole postcode, such as PE1 1HF."}


def test_the_words_to_other_are_kept_with_it_and_dropped_without_it() -> None:
    assert checked(FORM, {"one": "other", "one_other": "Cricket"}) == ({"one": "other", "one_other": "Cricket"}, [])
    assert checked(FORM, {"many": ["a", "other"], "many_other": "x"})[0] == {"many": ["a", "other"], "many_other": "x"}
    assert checked(FORM, {"one": "no", "one_other": "Cricket"}) == ({"one": "no"}, [])
    assert checked(FORM, {"one_other": "Cricket"}) == ({}, [])
    assert told(FORM, {"one": "other", "one_other": 3}) == {("one_other",): "Write some text."}
    assert told(FORM, {"one": "other", "one_other": "x" * 2_001}) == {("one_other",): "Write at most 2,000 letters."}
    missing = "This questionnaire has no such question; leave it out."
    assert told(FORM, {"rank_other": "x"}) == {("rank_other",): missing}


def test_what_must_be_answered_may_be_declined_where_declining_is_offered() -> None:
    item = {"kind": "scale", "minimum": 1, "maximum": 5, "required": True, "prefer_not_to_say": True}
    grid = {"kind": "matrix", "rows": ROWS, "minimum": 1, "maximum": 5, "required": True, "prefer_not_to_say": True}
    asked = form({"q": item, "grid": grid})
    declined = {"q": "prefer_not_to_say", "grid": {"r1": "prefer_not_to_say", "r2": 2}}
    assert checked(asked, declined) == (declined, [])
    assert checked(asked, dict.fromkeys(declined, "prefer_not_to_say"))[1] == []
    assert values(asked, declined) == {"grid.r2": 2.0}
    please = "Please answer this question."
    assert told(asked, {"grid": {"r2": 1}}) == {("q",): please, ("grid", "r1"): please}
    assert told(asked, {"q": 1}) == {("grid", "r1"): please, ("grid", "r2"): please}


def test_consent_that_is_needed_must_be_a_yes() -> None:
    agree = "Please agree to this, so that we can go on."
    assert told(FORM, {"agree": "yes", "must": "no"}) == {("must",): agree}
    assert told(FORM, {"agree": "yes"}) == {("must",): "Please answer this question."}


def test_numbers_of_a_response() -> None:
    answers = {
        "slide": 0.3,
        "whole": -5,
        "steps": 5,
        "one": "other",
        "grid": {"r1": "yes", "r2": "unsure"},
        "scales": {"r1": 4},
        "labels": {"r1": "x"},
        "shy": "prefer_not_to_say",
        "place": "PE1 1HF",
    }
    assert checked(FORM, answers) == (answers, [])
    assert values(FORM, answers) == {"slide": 0.3, "whole": -5.0, "grid.r1": 2.0, "scales.r1": 4.0}


points = st.sampled_from(
    ["yes", "no", "a", "b", "other", "none", "prefer_not_to_say", 1, 0.3, 5, "2026-11-25", "PE11HF", None]
)
json_like = st.one_of(
    points,
    st.text(max_size=5),
    st.lists(points, max_size=4),
    st.dictionaries(st.sampled_from(["r1", "r2", "r3"]), points, max_size=3),
)


@given(st.dictionaries(st.sampled_from([*ITEMS, "one_other", "many_other", "shoe"]), json_like))
def test_what_was_taken_is_taken_again_as_it_is(answers: dict[str, Any]) -> None:
    taken, faults = checked(FORM, answers)
    again, still = checked(FORM, taken)
    assert again == taken
    assert {f.path for f in still} <= {f.path for f in faults}
    for name, number in values(FORM, taken).items():
        low, high = FORM.measures[name]
        assert low <= number <= high
