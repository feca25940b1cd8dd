"""The expression language: what expressions come to, what is said of texts that are none; nothing makes it fail."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveys.model.logic import FUNCTIONS, LogicError, Scope, Tree, answer_text, parse, printed
from services.surveys.model.logic.evaluating import work_out
from services.surveys.model.logic.functions import REFUSED
from services.surveys.model.logic.patterns import Fuel, PatternError, compiled, matches
from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.values import LONGEST_TEXT, number, plain
from tests.support.logic import TREES, Case, cases, kinded, scopes, worked_out

NOW = "2026-11-25T09:30:00.000+00:00"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "logic.md"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.text)
def test_an_expression_comes_to(case: Case) -> None:
    assert worked_out(case) == kinded(case.value)


def test_every_function_has_a_case() -> None:
    used = {name for case in cases() for name in re.findall(r"([a-z][\w:-]*) ?\(", case.text)}
    assert set(FUNCTIONS) - used == set()


WRONG = [
    ("", 1, "there is nothing here"),
    (" \n", 1, "there is nothing here"),
    ("1 +", 4, "the expression ends too early: something is missing at its end"),
    ("(1", 3, "the expression ends too early: something is missing at its end"),
    ("1)", 2, ") is not understood here"),
    ("5 6", 3, "6 is not understood here"),
    ("a bc", 3, "bc is not understood here"),
    ("${age} == 3", 8, "== is not understood here: write one ="),
    ("1 && 2", 3, "&& is not understood here: write and"),
    ("1 || 2", 3, "|| is not understood here: write or"),
    ("1 <> 2", 3, "<> is not understood here: write !="),
    (". = 'yes", 5, "' is not understood here: the closing ' is missing"),
    ("“yes”", 1, '“ is not understood here: use the straight quote "'),
    ("/data/age", 1, "/ is not understood here: paths are not used here: write ${name}"),
    ("../age", 3, "/ is not understood here: paths are not used here: write ${name}"),
    ("1 + ${age", 5, "${ is not understood here: a name must follow, and then }"),
    ("1 + ${a b}", 5, "a question's name is letters, digits, _ - and ., and begins with a letter"),
    ("${last-saved#age}", 1, "answers of an earlier time are not looked at: leave out last-saved#"),
    ("1 + selcted(., 'a')", 5, "there is no function selcted(); the nearest is selected()"),
    ("Today()", 1, "there is no function Today(); the nearest is today()"),
    ("pulldata('a', 'b', 'c', .)", 1, f"pulldata() cannot be used here: {REFUSED['pulldata']}"),
    ("once(random())", 6, "random() cannot be used here: its answer could not be checked again later"),
    ("if(1, 2)", 1, "if() takes 3 values, and here are 2"),
    ("not()", 1, "not() takes 1 value, and here are 0"),
    ("round(1, 2, 3)", 1, "round() takes 1 or 2 values, and here are 3"),
    ("concat()", 1, "concat() takes at least 1 values, and here are 0"),
    (
        "weighted-checklist(1, 2, 3, 4, 5)",
        1,
        "weighted-checklist() takes two limits, then answers and weights in pairs",
    ),
    ("indexed-repeat(1, ${r}, 1)", 1, "indexed-repeat() takes ${question}, ${repeat} and a number"),
    ("jr:choice-name(., ${q})", 1, "jr:choice-name() takes a choice and, in quotes, '${question}'"),
    ("regex(., 'a(?=b)')", 12, "regex(): looking ahead or back, and switches, are not possible here: use ( ) or (?: )"),
    ("regex(., '(a')", 11, "regex(): this bracket is never closed"),
    ("regex(., '[a')", 11, "regex(): this bracket is never closed"),
    ("regex(., 'a)')", 12, "regex(): this bracket closes nothing"),
    ("regex(., '*')", 11, "regex(): there is nothing before * that could repeat"),
    ("regex(., 'a**')", 13, "regex(): one repeat follows another; put brackets around the first"),
    ("regex(., '(a)\\1')", 14, "regex(): \\1 is not known here"),
    ("regex(., 'a{x}')", 12, "regex(): write how often in the form {3}, {3,} or {3,5}; a bracket itself is \\{"),
    ("regex(., 'a{5,2}')", 11, "regex(): repeat at most 1,000 times, and the smaller number first"),
    ("regex(., '[z-a]')", 12, "regex(): this range goes backwards or nowhere"),
    ("regex(., '(a{1000}){1000}')", 11, "regex(): this pattern is too large: repeat less often"),
    ("1" * 400, 1, "this number is too large"),
    ("1 " + "+ 1 " * 2_000, 5_001, "an expression has at most 5,000 characters; use a calculation"),
    ("-" * 101 + "1", 2, "more than 100 parts stand in one another here; use a calculation"),
]


@pytest.mark.parametrize(("text", "column", "message"), WRONG, ids=[text[:30] for text, _, _ in WRONG])
def test_what_is_wrong_is_named_with_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(LogicError) as caught:
        parse(text)
    assert (caught.value.column, caught.value.message) == (column, message)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_left_out_is_refused_by_name(name: str) -> None:
    with pytest.raises(LogicError, match=re.escape(f"{name}() cannot be used here: ")):
        parse(f"{name}(1)")


def test_an_expression_names_what_it_looks_at() -> None:
    expression = parse("country = ${here} and selected(${ cities }, name) and jr:choice-name(., '${third}') != ${here}")
    assert expression.names == {"here", "cities", "third"}
    assert expression.columns == {"country", "name"}
    assert parse("1 + .").names == parse("position(..)").columns == frozenset()


def test_one_text_is_read_once() -> None:
    assert parse("${age} >= 18") is parse("${age} >= 18")


def test_the_tree_is_what_json_can_carry() -> None:
    assert parse("${a} + 1 - -. > 2 or not(x)").tree == (
        "or",
        (">", ("-", ("+", ("answer", "a"), ("number", 1.0)), ("negative", ("self",))), ("number", 2.0)),
        ("call", "not", ("column", "x")),
    )


def test_long_chains_are_flat() -> None:
    long = " and ".join(["${a}=1"] * 400)
    assert len(parse(long).tree) == 401
    assert parse("(" * 2_000 + "1" + ")" * 2_000).tree == ("number", 1.0)
    assert parse("if(1, 1, " * 99 + "1" + ")" * 99).evaluate(Scope(NOW)) == 1.0


def test_chosen_codes_become_one_text() -> None:
    assert answer_text(["a", "b"]) == answer_text(("a", "b")) == "a b"
    assert (answer_text("a"), answer_text(3), answer_text({"row": 1}), answer_text(None)) == ("a", 3, "", None)


@given(TREES)
def test_a_printed_tree_reads_as_the_same_tree(tree: Tree) -> None:
    assert parse(printed(tree)).tree == tree


@given(TREES, scopes())
def test_every_tree_comes_to_a_value(tree: Tree, scope: dict[str, Any]) -> None:
    value = work_out(tree, Run(Scope(**scope)))
    assert isinstance(value, float | str | bool | tuple)


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_says_where_it_is_none(text: str) -> None:
    column = 1
    try:
        parse(text)
    except LogicError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1


@given(st.text(alphabet="ab|()*+?{}1,2[]^-\\d$.", max_size=12), st.text(alphabet="ab1-", max_size=8))
def test_a_pattern_fits_what_pythons_own_fits(pattern: str, text: str) -> None:
    try:
        compiled(pattern)
        theirs = re.compile(pattern, re.ASCII)
    except (PatternError, re.error, FutureWarning):
        return
    assert matches(pattern, text, Fuel()) == bool(theirs.fullmatch(text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+", "a" * 2_000 + "!"),
        ("(a|aa)+", "a" * 2_000 + "!"),
        ("(.*)(.*)(.*)(.*)(.*)x", "a" * 2_000),
        ("(a?){900}a{900}", "a" * 900),
        ("(((){1000}){1000}){1000}a", "b"),
    ],
)
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    fuel = Fuel()
    began = time.thread_time()
    assert not matches(pattern, text, fuel)
    assert fuel.left >= -1 - len(text)
    assert time.thread_time() - began < 5


def test_the_patterns_of_one_evaluation_share_their_steps() -> None:
    slow = "regex(${long}, '(a?){300}(a?){300}b')"
    scope = Scope(NOW, answers={"long": "a" * 600})
    began = time.thread_time()
    assert parse(" or ".join([slow] * 50)).evaluate(scope) is False
    assert time.thread_time() - began < 5


def test_texts_made_of_texts_stop_growing() -> None:
    long = parse("concat(${a}, ${a})").evaluate(Scope(NOW, answers={"a": "x" * 9_000}))
    assert long == "x" * LONGEST_TEXT
    joined = parse("join('-', ${a}, ${a})").evaluate(Scope(NOW, answers={"a": "x" * 9_000}))
    assert joined == ("x" * 9_000 + "-" + "x" * 9_000)[:LONGEST_TEXT]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_out_is_read_as_itself(value: float) -> None:
    assert "e" not in plain(value)
    assert number(plain(value)) == value


def test_the_guide_lists_every_function() -> None:
    listed = re.findall(r"^\| `([a-z][\w:-]*)\(", GUIDE.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted([*FUNCTIONS, "if", "indexed-repeat"])
    left_out = re.search(r"^Left out: (.+)", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert left_out is not None
    assert set(re.findall(r"`([\w:-]+)\(\)`", left_out[1])) == set(REFUSED)
