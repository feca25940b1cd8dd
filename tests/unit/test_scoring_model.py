"""Scores and sums: exact values, and sums that never depend on the order of events."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.model import INDEX, UNIT, Cell, Contribution, Framework, Sums, add, changes
from services.scoring.model.framework import faults_of

RANGES = {"speak": (0.0, 10.0), "vote": (0.0, 1.0), "alone": (1.0, 5.0)}
DEFINITION = {
    "title": "Capacity",
    "domains": [
        {
            "code": "voice",
            "title": "Voice",
            "weight": 2.0,
            "indicators": [{"code": "i", "items": [{"code": "speak"}, {"code": "vote"}]}],
        },
        {
            "code": "ties",
            "title": "Ties",
            "indicators": [{"code": "j", "items": [{"code": "alone", "direction": -1}]}],
        },
    ],
}
FRAMEWORK = Framework.parse(DEFINITION, RANGES)


def test_scores_of_a_full_response() -> None:
    scores = FRAMEWORK.scores({"speak": 7, "vote": 1, "alone": 2})
    assert scores == {"voice": 85 * UNIT, "ties": 75 * UNIT, INDEX: round((2 * 85 + 75) / 3 * UNIT)}


def test_missing_answers_leave_out_what_they_belong_to() -> None:
    assert FRAMEWORK.scores({"speak": 4}) == {"voice": 40 * UNIT, INDEX: 40 * UNIT}
    assert FRAMEWORK.scores({"alone": 5}) == {"ties": 0, INDEX: 0}
    assert FRAMEWORK.scores({}) == {}


def test_an_indicator_needs_its_minimum_of_answers() -> None:
    strict = Framework.parse(
        {
            "title": "t",
            "domains": [
                {
                    "code": "d",
                    "title": "D",
                    "indicators": [{"code": "i", "minimum_items": 2, "items": [{"code": "speak"}, {"code": "vote"}]}],
                }
            ],
        },
        RANGES,
    )
    assert strict.scores({"speak": 4}) == {}
    assert strict.scores({"speak": 4, "vote": 0}) == {"d": 20 * UNIT, INDEX: 20 * UNIT}


def test_an_item_that_a_version_does_not_ask_is_not_answered() -> None:
    older = Framework.parse(DEFINITION, {"speak": (0.0, 10.0)})
    assert older.scores({"speak": 5, "alone": 1}) == {"voice": 50 * UNIT, INDEX: 50 * UNIT}


def test_faults_name_the_field_and_the_remedy() -> None:
    wrong = {
        "title": "t",
        "domains": [
            {"code": INDEX, "title": "x", "indicators": []},
            {"code": "d", "title": "D", "indicators": [{"code": "i", "items": [{"code": "shoe"}]}]},
        ],
    }
    assert faults_of(wrong, RANGES) == [
        ("domains.index", '"index" is the name of the whole; choose another code.'),
        ("domains.index.indicators", "Add at least one indicator."),
        ("domains.d.indicators.i.items.shoe", "The questionnaire has no scored question of this code."),
    ]


def test_a_response_adds_to_its_area_and_to_each_of_its_groups() -> None:
    given_ = Contribution({"voice": 3}, "", "E1", {"age": "young"})
    assert given_.cells() == {
        Cell("", "voice", "E1", "", ""): Sums(1, 3, 9, 1),
        Cell("", "voice", "E1", "age", "young"): Sums(1, 3, 9, 1),
    }


contributions = st.builds(
    Contribution,
    st.dictionaries(st.sampled_from(["voice", "ties", INDEX]), st.integers(0, 100 * UNIT), max_size=3),
    st.sampled_from(["", "2026"]),
    st.sampled_from([None, "E1", "E2"]),
    st.dictionaries(st.sampled_from(["age", "gender"]), st.sampled_from(["a", "b"]), max_size=2),
)
histories = st.dictionaries(st.integers(0, 8), st.lists(st.none() | contributions, min_size=1, max_size=4), max_size=8)


@given(histories, st.randoms(use_true_random=False))
def test_any_order_repetition_or_withdrawal_leaves_the_sums_of_a_recomputation(
    history: dict[int, list[Contribution | None]], random: Random
) -> None:
    """Each response goes through its versions; whatever order they arrive in, the newest that was seen counts."""
    arrivals = [(r, v) for r, versions in history.items() for v in range(len(versions))] * 2
    random.shuffle(arrivals)
    sums: dict[Cell, Sums] = {}
    seen: dict[int, int] = {}
    for response, version in arrivals:
        if version > seen.get(response, -1):
            old = history[response][seen[response]] if response in seen else None
            add(sums, changes(old, history[response][version]))
            seen[response] = version
    afresh: dict[Cell, Sums] = {}
    for versions in history.values():
        if versions[-1] is not None:
            add(afresh, versions[-1].cells())
    assert {c: s for c, s in sums.items() if s} == {c: s for c, s in afresh.items() if s}
