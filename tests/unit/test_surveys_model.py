"""What counts as an answer, what is said where one does not, and which numbers come out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveys.model import Attribute, Consent, Fault, Item, Submission, check, compiled, values

CHOICES = (
    {"code": "no", "label": "No", "score": 0},
    {"code": "yes", "label": "Yes", "score": 2},
    {"code": "dont_know", "label": "I do not know"},
)
ITEMS: dict[str, dict[str, Any]] = {
    "scale": {"kind": "scale", "minimum": -2, "maximum": 2, "required": True},
    "between": {"kind": "number", "minimum": 0, "maximum": 7.5},
    "least": {"kind": "number", "minimum": 1},
    "most": {"kind": "number", "maximum": 1_000},
    "any": {"kind": "number"},
    "one": {"kind": "single_choice", "choices": CHOICES},
    "label": {"kind": "single_choice", "choices": ({"code": "a", "label": "A"}, {"code": "b", "label": "B"})},
    "many": {"kind": "multiple_choice", "choices": CHOICES},
    "text": {"kind": "text"},
    "short": {"kind": "text", "maximum": 3},
}
CONSENT = {"version": "1", "purposes": {"better": "Better services", "study": "Research"}, "required": ("better",)}
AGREED = Consent("1", frozenset({"better"}))
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def defined(**changes: Any) -> dict[str, Any]:
    """A definition without a fault, but for `changes`."""
    items = tuple({"code": code, "text": "?", **item} for code, item in ITEMS.items())
    return {
        "title": "Taking part",
        "sections": ({"code": "all", "title": "All", "items": items},),
        "consent": CONSENT,
        "attributes": ({"code": "age", "label": "Age", "categories": {"young": "Young", "old": "Old"}},),
        "area_level": "ward",
        **changes,
    }


FORM = compiled(defined())


def submitted(answers: dict[str, Any] | None = None, **changes: Any) -> tuple[dict[str, Any], list[Fault]]:
    """What checking answers finds; the ward "W" is known."""
    given_: dict[str, Any] = {"groups": {}, "area": None, "consent": AGREED, "at": AT, **changes}
    return check(FORM, Submission({"scale": 0, **(answers or {})}, **given_), lambda code: code == "W")


def test_the_form_is_what_the_definition_says() -> None:
    assert list(FORM.items) == list(ITEMS)
    assert FORM.items["one"] == Item(
        code="one",
        kind="single_choice",
        required=False,
        minimum=None,
        maximum=None,
        choices=frozenset({"no", "yes", "dont_know"}),
        scores={"no": 0.0, "yes": 2.0},
    )
    assert FORM.items["many"].scores == {}
    assert FORM.attributes == {"age": Attribute("age", ("young", "old"))}
    assert FORM.consent == Consent("1", frozenset({"better", "study"}))
    assert (FORM.required_purposes, FORM.area_level) == (frozenset({"better"}), "ward")


def test_what_a_definition_may_leave_out() -> None:
    bare = {key: value for key, value in defined().items() if key not in ("attributes", "area_level")}
    assert (compiled(bare).attributes, compiled(bare).area_level) == ({}, None)


def test_numbers_come_from_items_that_have_a_range() -> None:
    assert dict(FORM.measures) == {"scale": (-2, 2), "between": (0, 7.5), "one": (0.0, 2.0)}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *(("scale", n) for n in (-2, -1, 0, 1, 2, 2.0)),
        *(("between", n) for n in (0, 0.25, 7.5)),
        *(("least", n) for n in (1, 1e300)),
        *(("most", n) for n in (1_000, -1e300)),
        *(("any", n) for n in (0, -5, 1e300)),
        *(("one", code) for code in ("no", "yes", "dont_know")),
        ("label", "b"),
        *(("many", codes) for codes in (["no"], ["yes", "no"])),
        *(("text", words) for words in ("x" * 2_000, "Zoë ☺", " ")),
        ("short", "abc"),
    ],
)
def test_an_answer_that_fits_is_kept_as_it_is(code: str, answer: Any) -> None:
    assert submitted({code: answer}) == ({"scale": 0, code: answer}, [])


WHOLE, CHOSEN, AMONG = (
    "Choose a whole number from -2 to 2.",
    "Choose one of the answers offered.",
    "Choose among the answers offered.",
)


@pytest.mark.parametrize(
    ("code", "answer", "message"),
    [
        *(("scale", a, WHOLE) for a in (-3, 3, 0.5, "1", True, [1], float("nan"), float("inf"), 10**400)),
        ("between", -0.1, "Give a number from 0 to 7.5."),
        ("between", 7.6, "Give a number from 0 to 7.5."),
        ("least", 0.9, "Give a number of 1 or more."),
        ("most", 1_001, "Give a number of 1000 or less."),
        *(("any", a, "Give a number.") for a in ("1", True, [1], float("nan"), float("-inf"), 10**400)),
        *(("one", a, CHOSEN) for a in ("maybe", "No", 0, True, ["no"])),
        *(("many", a, AMONG) for a in ("no", ["no", "maybe"], [0], [["no"]], 1)),
        ("many", ["no", "no"], "Choose each answer once."),
        ("text", "x" * 2_001, "Write at most 2,000 letters."),
        ("short", "abcd", "Write at most 3 letters."),
        *(("text", a, "Write some text.") for a in (1, False, ["x"], {"x": "y"}, "a\x00b")),
    ],
)
def test_an_answer_that_does_not_fit_is_told_the_remedy(code: str, answer: Any, message: str) -> None:
    answers, faults = submitted({code: answer})
    assert faults == [Fault(("answers", code), message)]
    assert code not in answers


@pytest.mark.parametrize("blank", [None, "", [], {}])
def test_a_blank_answer_is_none(blank: Any) -> None:
    assert submitted(dict.fromkeys(ITEMS, blank) | {"scale": 1}) == ({"scale": 1}, [])
    assert submitted({"scale": blank}) == ({}, [Fault(("answers", "scale"), "Please answer this question.")])


def test_a_question_that_is_not_asked() -> None:
    message = "This questionnaire has no such question; leave it out."
    assert submitted({"shoe": 9}) == ({"scale": 0}, [Fault(("answers", "shoe"), message)])


@pytest.mark.parametrize(
    ("groups", "faults"),
    [
        ({"age": "old"}, []),
        ({"age": "ancient"}, [Fault(("groups", "age"), "Choose one of: young, old.")]),
        ({"shoe": "9"}, [Fault(("groups", "shoe"), "This questionnaire does not ask for this; leave it out.")]),
    ],
)
def test_groups(groups: dict[str, str], faults: list[Fault]) -> None:
    assert submitted(groups=groups)[1] == faults


@pytest.mark.parametrize(
    ("area", "faults"),
    [
        (None, []),
        ("W", []),
        ("X", [Fault(("area",), "Choose one of the council's areas (ward), by its code.")]),
    ],
)
def test_areas(area: str | None, faults: list[Fault]) -> None:
    assert submitted(area=area)[1] == faults


def test_an_area_that_is_not_asked_for() -> None:
    form = compiled(defined(area_level=None))
    _, faults = check(form, Submission({"scale": 0}, {}, "W", AGREED, AT), lambda _: True)
    assert faults == [Fault(("area",), "This questionnaire does not ask for an area; leave it out.")]


@pytest.mark.parametrize(
    ("consent", "faults"),
    [
        (Consent("1", frozenset({"better", "study"})), []),
        (
            Consent("0", frozenset({"better"})),
            [
                Fault(
                    ("consent", "version"),
                    "The words to agree to have changed; show the present ones and ask again.",
                )
            ],
        ),
        (
            Consent("1", frozenset({"study", "selling"})),
            [
                Fault(("consent", "purposes", "selling"), "This is not one of the purposes; leave it out."),
                Fault(("consent", "purposes", "better"), "We can take answers only if you agree to this."),
            ],
        ),
    ],
)
def test_consent(consent: Consent, faults: list[Fault]) -> None:
    assert submitted(consent=consent)[1] == faults


def test_numbers_of_a_response() -> None:
    answers, _ = submitted(
        {"scale": -1, "between": 2.5, "least": 3, "any": 4, "one": "yes", "label": "a", "many": ["yes"], "text": "x"}
    )
    assert values(FORM, answers) == {"scale": -1.0, "between": 2.5, "one": 2.0}
    assert values(FORM, {"one": "dont_know"}) == {}


def test_a_scale_that_was_stored_unchecked_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="scale x has no bounds"):
        compiled(defined(sections=({"code": "s", "items": ({"code": "x", "kind": "scale"},)},)))


numbers = st.integers() | st.floats() | st.integers(-10, 10).map(lambda n: n / 2) | st.just(10**400)
json_like = st.recursive(
    st.none() | st.booleans() | numbers | st.text() | st.sampled_from(["no", "yes", "dont_know", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*ITEMS, "shoe"]), json_like), st.dictionaries(st.text(), st.text()), st.text())
def test_whatever_comes_is_taken_or_told_and_what_is_taken_scores_within_its_range(
    answers: dict[str, Any], groups: dict[str, str], area: str
) -> None:
    taken, faults = check(FORM, Submission(answers, groups, area, AGREED, AT), lambda code: code == "W")
    wrong = {fault.path[1] for fault in faults if fault.path[0] == "answers"}
    blank = {code for code, answer in answers.items() if answer in (None, "", [], {})}
    assert taken == {code: answer for code, answer in answers.items() if code not in wrong | blank}
    for code, number in values(FORM, taken).items():
        low, high = FORM.measures[code]
        assert isinstance(number, float)
        assert low <= number <= high
