"""Differences between framework versions: complete, so that they can be put into another; and said in words."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rpc import scoring as contract
from services.scoring.model.framework.difference import NotThere, apply, difference


def json(value: Any) -> Any:
    """As it is stored."""
    return msgspec.json.decode(msgspec.json.encode(value))


QUESTIONNAIRE = UUID(int=7)
CODES = ("a", "b", "c", "d")


def coded(build: Any) -> Any:
    """Some things with different codes, in any order."""
    codes = st.lists(st.sampled_from(CODES), unique=True, max_size=4)
    return codes.flatmap(lambda found: st.tuples(*(build(code) for code in found)))


def items(code: str) -> Any:
    return st.builds(contract.FrameworkItem, st.just(code), st.sampled_from((1, -1)))


def indicators(code: str) -> Any:
    return st.builds(
        contract.Indicator,
        st.just(code),
        st.sampled_from(("One", "Two")),
        coded(items),
        weight=st.sampled_from((1.0, 2.5)),
        normalisation=st.sampled_from(("min_max", "z")),
    )


def domains(code: str) -> Any:
    return st.builds(
        contract.Domain,
        st.just(code),
        st.sampled_from(("One", "Two")),
        coded(indicators),
        aggregation=st.sampled_from(("arithmetic", "geometric")),
    )


DEFINITIONS = st.builds(
    contract.FrameworkDefinition, st.sampled_from(("X", "Y")), st.just(QUESTIONNAIRE), coded(domains)
).map(json)


@given(DEFINITIONS, DEFINITIONS)
def test_what_differs_is_all_that_differs(a: Any, b: Any) -> None:
    changes = difference(a, b)
    assert apply(a, [(c.path, c.after) for c in changes]) == b
    assert apply(b, [(c.path, c.after) for c in difference(b, a)]) == a
    assert difference(a, a) == []
    assert all(c.words.endswith(".") for c in changes)


def definition(**more: Any) -> Any:
    voice = contract.Indicator("voice", "Having a say", (contract.FrameworkItem("speak"),))
    skills = contract.Domain("skills", "Skills", (voice,))
    return contract.FrameworkDefinition("Capacity", QUESTIONNAIRE, (skills,), **more)


def test_differences_are_said_in_words() -> None:
    before = json(definition())
    after = apply(
        before,
        [
            (("aggregation",), "geometric"),
            (("domains", "skills", "weight"), 2.0),
            (("domains", "skills", "indicators", "voice", "normalisation"), "rank"),
            (("domains", "skills", "indicators", "voice", "items", "speak", "direction"), -1),
            (
                ("domains", "skills", "indicators", "voice", "items", "vote"),
                json(contract.FrameworkItem("vote")),
            ),
            (("domains", "ties"), json(contract.Domain("ties", "Ties", ()))),
            (("domains", "order"), ["ties", "skills"]),
        ],
    )
    found = difference(before, after)
    assert {(c.kind, ".".join(c.path)): c.words for c in found} == {
        ("changed", "domains.skills.indicators.voice.items.speak.direction"): (
            'The direction of question "speak" in indicator "Having a say" in domain "Skills" '
            "was a high answer means more and is a high answer means less."
        ),
        ("added", "domains.skills.indicators.voice.items.vote"): (
            'Question "vote" of indicator "Having a say" in domain "Skills" was added.'
        ),
        ("changed", "domains.skills.indicators.voice.normalisation"): (
            'The way of comparing of indicator "Having a say" in domain "Skills" was none (by the ends of the range) '
            "and is by place among all."
        ),
        ("changed", "domains.skills.weight"): 'The weight of domain "Skills" was 1 and is 2.',
        ("added", "domains.ties"): 'Domain "Ties" was added.',
        ("changed", "domains.order"): "The domains stand in another order: ties, skills.",
        ("changed", "aggregation"): "The kind of mean of the whole was arithmetic and is geometric.",
    }
    [removed] = [c for c in difference(after, before) if c.path == ("domains", "ties")]
    assert (removed.kind, removed.words) == ("removed", 'Domain "Ties" was removed.')


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("domains", "none", "weight"), 2),
        (("domains", "none"), None),
        (("heaviness",), 2),
        (("domains", "order"), ["skills", "none"]),
        (("title", "weight"), 2),
    ],
)
def test_a_place_that_is_not_there_is_named(path: tuple[str, ...], value: Any) -> None:
    with pytest.raises(NotThere):
        apply(json(definition()), [(path, value)])
