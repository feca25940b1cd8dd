"""Logic at work: what is hidden is dropped, what is worked out is put in, and what must hold is asked of answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveys.model import Consent, program, values
from tests.support.forms import checked, choices, definition, form, told

YES_NO = {"kind": "single_choice", "choices": choices("yes", "no")}
NUMBER = {"kind": "number"}
PLEASE = "Please answer this question."


def test_a_hidden_question_is_neither_stored_nor_checked_nor_scored() -> None:
    asked = form(
        {
            "works": YES_NO,
            "hours": {"kind": "number", "minimum": 0, "maximum": 60, "required": True, "relevance": "${works} = 'yes'"},
        }
    )
    assert checked(asked, {"works": "no", "hours": 30}) == ({"works": "no"}, [])
    assert checked(asked, {"works": "no", "hours": "many"}) == ({"works": "no"}, [])
    assert checked(asked, {"hours": 30}) == ({}, [])
    assert told(asked, {"works": "yes"}) == {("hours",): PLEASE}
    answers, _ = checked(asked, {"works": "yes", "hours": 30})
    assert values(asked, answers) == {"hours": 30.0}


def test_what_hangs_on_a_hidden_question_sees_no_answer_to_it_wherever_it_stands() -> None:
    # the last question decides about the first
    asked = form(
        {
            "third": {"kind": "text", "relevance": "${second} = 'yes'"},
            "second": {**YES_NO, "relevance": "${first} = 'yes'"},
            "first": YES_NO,
        }
    )
    full = {"third": "x", "second": "yes", "first": "yes"}
    assert checked(asked, full) == (full, [])
    assert list(checked(asked, full)[0]) == ["third", "second", "first"]
    assert checked(asked, {**full, "first": "no"}) == ({"first": "no"}, [])


def test_a_hidden_section_hides_all_of_it() -> None:
    asked = form(
        {"works": YES_NO},
        {
            "section": "work",
            "relevance": "${works} = 'yes'",
            "hours": {**NUMBER, "required": True},
            "name": {"kind": "text"},
        },
        {"tired": {**YES_NO, "relevance": "${hours} > 40"}},
    )
    assert checked(asked, {"works": "no", "hours": 50, "name": "x", "tired": "yes"}) == ({"works": "no"}, [])
    assert told(asked, {"works": "yes"}) == {("hours",): PLEASE}
    full = {"works": "yes", "hours": 50, "tired": "yes"}
    assert checked(asked, full) == (full, [])


def test_groups_matrix_rows_other_words_and_several_choices_can_be_looked_at() -> None:
    asked = form(
        {
            "old_only": {"kind": "text", "relevance": "${age} = 'old'"},
            "grid": {"kind": "matrix", "rows": ({"code": "bus", "label": "Bus"},), "minimum": 1, "maximum": 5},
            "why": {"kind": "text", "relevance": "${grid.bus} < 3"},
            "likes": {"kind": "multiple_choice", "choices": choices("tea", "milk"), "other": True},
            "sugar": {"kind": "text", "relevance": "selected(${likes}, 'tea')"},
            "drink": {"kind": "text", "relevance": "${likes_other} != ''"},
        }
    )
    full = {"old_only": "x", "grid": {"bus": 2}, "why": "x", "likes": ["milk", "tea", "other"]}
    full |= {"likes_other": "cola", "sugar": "x", "drink": "x"}
    assert checked(asked, full, groups={"age": "old"})[0] == full
    few = {**full, "grid": {"bus": 3}, "likes": ["milk"]}
    assert checked(asked, few, groups={"age": "young"})[0] == {"grid": {"bus": 3}, "likes": ["milk"]}


def test_required_if() -> None:
    asked = form({"works": YES_NO, "hours": {**NUMBER, "required_if": "${works} = 'yes'"}})
    assert told(asked, {"works": "yes"}) == {("hours",): PLEASE}
    assert told(asked, {"works": "no"}) == {}


def test_a_constraint_says_what_it_says_and_holds_for_answers_only() -> None:
    asked = form(
        {
            "adults": NUMBER,
            "children": {
                **NUMBER,
                "constraint": ". + ${adults} <= 10",
                "constraint_message": "That is a large house.",
                "prefer_not_to_say": True,
            },
            "pets": {**NUMBER, "constraint": ". < 5"},
        },
        translations={"pl": {"items.children.constraint_message": "To duży dom."}},
    )
    many = {"adults": 8, "children": 3}
    assert told(asked, many) == {("children",): "That is a large house."}
    assert told(asked, many, language="pl") == {("children",): "To duży dom."}
    assert told(asked, many, language="pl-PL") == {("children",): "To duży dom."}
    assert told(asked, many, language="cy") == {("children",): "That is a large house."}
    assert told(asked, {"pets": 9}) == {("pets",): "This answer does not seem right. Please look at it again."}
    assert told(asked, {"adults": 12}) == {}
    assert told(asked, {"adults": 12, "children": "prefer_not_to_say"}) == {}


def test_a_constraint_on_a_matrix_is_asked_of_each_row() -> None:
    rows = tuple({"code": code, "label": code} for code in ("r1", "r2", "r3"))
    grid = {
        "kind": "matrix",
        "rows": rows,
        "minimum": 1,
        "maximum": 5,
        "prefer_not_to_say": True,
        "constraint": ". < 4",
    }
    asked = form({"grid": grid})
    wrong = "This answer does not seem right. Please look at it again."
    given = {"r1": 5, "r2": 3, "r3": "prefer_not_to_say"}
    assert told(asked, {"grid": given}) == {("grid", "r1"): wrong}
    assert told(asked, {"grid": {**given, "r1": 3}}) == {}


def test_a_choice_filter_offers_some_choices() -> None:
    towns = choices("leeds", "cardiff", leeds={"filters": {"in": "england"}}, cardiff={"filters": {"in": "wales"}})
    asked = form(
        {
            "country": {"kind": "single_choice", "choices": choices("england", "wales")},
            "town": {"kind": "single_choice", "choices": towns, "choice_filter": "in = ${country}", "other": True},
            "towns": {"kind": "multiple_choice", "choices": towns, "choice_filter": "name != 'leeds'"},
        }
    )
    fits = {"country": "wales", "town": "cardiff", "towns": ["cardiff"]}
    assert checked(asked, fits) == (fits, [])
    assert told(asked, {"country": "wales", "town": "other"}) == {}
    assert told(asked, {"country": "wales", "town": "leeds", "towns": ["leeds"]}) == {
        ("town",): "Choose one of the answers offered.",
        ("towns",): "Choose among the answers offered.",
    }


def test_calculations_are_worked_out_here_whatever_was_sent() -> None:
    asked = form(
        {
            "total": {"kind": "calculation", "calculation": "${a} + ${b}", "minimum": 0, "maximum": 10},
            "a": NUMBER,
            "b": {**NUMBER, "prefer_not_to_say": True},
            "word": {"kind": "calculation", "calculation": "if(${total} > 5, 'much', 'little')"},
            "half": {"kind": "calculation", "calculation": "${total} div 4"},
            "over": {"kind": "text", "relevance": "${word} = 'much'"},
        }
    )
    assert dict(asked.measures) == {"total": (0, 10)}
    answers, faults = checked(asked, {"a": 4, "b": 3, "total": 99, "word": "nonsense", "over": "x"})
    assert faults == []
    assert answers == {"total": 7, "a": 4, "b": 3, "word": "much", "half": 1.75, "over": "x"}
    assert values(asked, answers) == {"total": 7.0}
    assert checked(asked, {"a": 4, "over": "x"})[0] == {"a": 4, "word": "little"}
    assert checked(asked, {"a": 4, "b": "prefer_not_to_say"})[0] == {"a": 4, "b": "prefer_not_to_say", "word": "little"}
    outside, _ = checked(asked, {"a": 40, "b": 3})
    assert outside["total"] == 43
    assert values(asked, outside) == {}


def test_today_is_the_day_of_the_response() -> None:
    asked = form({"when": {"kind": "calculation", "calculation": "today()"}})
    assert checked(asked, {})[0] == {"when": "2026-11-25"}


KIDS = {
    "section": "kids",
    "repeat": {"minimum": 1, "maximum": 3},
    "name": {"kind": "text", "required": True},
    "years": {"kind": "scale", "minimum": 0, "maximum": 17},
    "school": {**YES_NO, "relevance": "${years} >= 5", "other": True},
    "which": {"kind": "calculation", "calculation": "position(..)"},
}
MORE = {
    "sum": {"kind": "calculation", "calculation": "sum(${years})"},
    "many": {"kind": "calculation", "calculation": "count(${kids})"},
    "at_school": {"kind": "calculation", "calculation": "count(${school})"},
    "first": {"kind": "calculation", "calculation": "indexed-repeat(${name}, ${kids}, 1)"},
}


def test_a_section_that_is_answered_several_times() -> None:
    asked = form(KIDS, MORE)
    assert dict(asked.measures) == {}
    answers, faults = checked(
        asked,
        {
            "kids": [
                {"name": "Ann", "years": 4, "school": "yes"},
                {"name": "Bo", "years": 9, "school": "other", "school_other": "At home", "which": 7},
            ]
        },
    )
    assert faults == []
    assert answers == {
        "kids": [
            {"name": "Ann", "years": 4, "which": 1},
            {"name": "Bo", "years": 9, "school": "other", "school_other": "At home", "which": 2},
        ],
        "sum": 13,
        "many": 2,
        "at_school": 1,
        "first": "Ann",
    }
    assert values(asked, answers) == {}
    assert checked(asked, answers) == (answers, [])


def test_faults_of_a_section_that_is_answered_several_times() -> None:
    asked = form(KIDS, MORE)
    missing = "This questionnaire has no such question; leave it out."
    assert told(asked, {"kids": [{"name": "Ann", "years": 4}, {"years": 40, "shoe": 3}]}) == {
        ("kids", "1", "shoe"): missing,
        ("kids", "1", "name"): PLEASE,
        ("kids", "1", "years"): "Choose a whole number from 0 to 17.",
    }
    assert list(told(asked, {"kids": [{"years": -1}, {"years": 40, "name": 1}]})) == [
        ("kids", "0", "name"),
        ("kids", "0", "years"),
        ("kids", "1", "name"),
        ("kids", "1", "years"),
    ]
    assert told(asked, {}) == {("kids",): "Answer these questions at least 1 times."}
    assert told(asked, {"kids": [{"name": "x"}] * 4}) == {("kids",): "Answer these questions at most 3 times."}
    for wrong in ("x", {"name": "x"}, ["x"], 3):
        assert told(asked, {"kids": wrong})["kids",] == "Give the answers of each time, one after the other."
    assert told(asked, {"kids": [{"name": "x"}], "years": 3, "name": "x"}) == {("years",): missing, ("name",): missing}


def test_a_count_says_how_often() -> None:
    asked = form(
        {"children": NUMBER},
        {
            "section": "kids",
            "repeat": {"maximum": 3, "count": "${children}"},
            "years": {**NUMBER, "required": True},
        },
    )
    two = {"children": 2, "kids": [{"years": 3}, {"years": 4}]}
    assert checked(asked, two) == (two, [])
    assert checked(asked, {**two, "children": 1}) == ({"children": 1, "kids": [{"years": 3}]}, [])
    assert checked(asked, {**two, "children": 0}) == ({"children": 0}, [])
    assert checked(asked, {"kids": two["kids"]}) == ({}, [])
    assert told(asked, {**two, "children": 3}) == {("kids", "2", "years"): PLEASE}
    assert told(asked, {"children": 99, "kids": []}) == {("kids", str(n), "years"): PLEASE for n in range(3)}


def test_a_hidden_section_that_is_answered_several_times_is_dropped() -> None:
    asked = form({"has": YES_NO}, {**KIDS, "relevance": "${has} = 'yes'"}, MORE)
    nobody = {"has": "no", "sum": 0, "many": 0, "at_school": 0}
    assert checked(asked, {"has": "no", "kids": [{"name": 3}]}) == (nobody, [])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_said_of_the_rest_is_said_in_english_where_the_language_is_not_known(language: str) -> None:
    asked = form({"q": {**NUMBER, "required": True}})
    faults = checked(asked, {}, language=language, area="X", groups={"age": "9"}, consent=Consent("1", frozenset()))[1]
    assert [fault.message for fault in faults] == [
        PLEASE,
        "Choose one of: young, old.",
        "Choose one of the council's areas (ward), by its code.",
        "We can take answers only if you agree to this.",
    ]


def test_what_is_wrong_is_said_in_the_persons_language() -> None:
    asked = form({"q": {"kind": "scale", "minimum": 1, "maximum": 5}})
    assert told(asked, {"q": 9}, language="cy") == {("q",): "Dewiswch rif cyfan o 1 i 5."}
    assert told(asked, {"q": 9}, language="pl-PL") == {("q",): "Prosimy wybrać liczbę całkowitą od 1 do 5."}
    assert told(asked, {"q": 9}, language="ur") == {("q",): "1 سے 5 تک کوئی پورا عدد چنیں۔"}


LAWFUL = form(
    {
        "a": {"kind": "single_choice", "choices": choices("yes", "no")},
        "b": {**NUMBER, "relevance": "${a} = 'yes'", "constraint": ". < 100"},
        "c": {"kind": "text", "relevance": "${b} > 3 or ${twice} > 6"},
        "twice": {"kind": "calculation", "calculation": "${b} * 2", "minimum": 0, "maximum": 50},
    },
    {
        "section": "kids",
        "relevance": "${c} != 'none'",
        "repeat": {"count": "${b}", "maximum": 4},
        "x": {**NUMBER, "relevance": "${a} = 'yes'"},
        "y": {"kind": "text", "relevance": "${x} > ${b}"},
        "z": {"kind": "calculation", "calculation": "${x} + position(..)"},
    },
    {"total": {"kind": "calculation", "calculation": "sum(${z}) + count(${y})"}},
)
small = st.integers(-1, 8) | st.sampled_from(["yes", "no", "none", "", None, "prefer_not_to_say"])
kids = st.lists(st.dictionaries(st.sampled_from(["x", "y", "z"]), small, max_size=3), max_size=5)


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "twice", "total"]), small), kids)
def test_dropping_what_is_hidden_drops_nothing_the_second_time(answers: dict[str, Any], entries: list[Any]) -> None:
    taken, faults = checked(LAWFUL, {**answers, "kids": entries})
    again, still = checked(LAWFUL, taken)
    if not faults:
        assert (again, still) == (taken, [])
    assert set(taken) <= {"a", "b", "c", "twice", "kids", "total"}


def test_a_browser_gets_the_trees_and_the_order() -> None:
    first, last = {"kind": "text", "relevance": "${last} = 'x'"}, {"kind": "text"}
    kids = {"section": "kids", "repeat": {"count": "1"}, "years": NUMBER}
    found = program(definition({"section": "s", "first": first, "last": last}, kids))
    assert found is not None
    assert found.trees == {
        "items.first.relevance": ("=", ("answer", "last"), ("text", "x")),
        "sections.kids.repeat.count": ("number", 1.0),
    }
    assert sorted(found.order) == ["items.first", "items.last", "items.years", "sections.kids", "sections.s"]
    assert found.order.index("items.last") < found.order.index("items.first")
    assert program(definition({"last": last})) is None
