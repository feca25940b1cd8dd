"""The life of a story."""

from uuid import UUID, uuid4

import pytest

from services.case_studies import model

AUTHOR, STRANGER = uuid4(), uuid4()
STATES = ("draft", "review", "published", "withdrawn")


@pytest.mark.parametrize(
    ("person", "officer", "seen"),
    [
        (AUTHOR, False, {"draft", "review", "published", "withdrawn"}),
        (STRANGER, False, {"published"}),
        (STRANGER, True, {"review", "published"}),
        (None, False, {"published"}),
    ],
)
def test_who_sees_what(person: UUID | None, officer: bool, seen: set[str]) -> None:
    viewer = model.Viewer(person, officer)
    assert {state for state in STATES if model.may_see(state, AUTHOR, viewer)} == seen


@pytest.mark.parametrize(
    ("person", "officer", "withdrawn"),
    [(AUTHOR, False, set(STATES)), (STRANGER, False, set()), (STRANGER, True, {"review", "published"})],
)
def test_who_withdraws_what(person: UUID, officer: bool, withdrawn: set[str]) -> None:
    viewer = model.Viewer(person, officer)
    assert {state for state in STATES if model.may_withdraw(state, AUTHOR, viewer)} == withdrawn


def test_only_a_draft_is_edited_and_submitted() -> None:
    for obstacle in (model.obstacle_to_editing, model.obstacle_to_submitting):
        assert [state for state in STATES if obstacle(state) is None] == ["draft"]
    assert model.obstacle_to_editing("review") == (
        "this story is in review; wait until it comes back, or withdraw it and write a new one"
    )


def test_only_a_story_in_review_is_reviewed() -> None:
    assert [state for state in STATES if model.obstacle_to_reviewing(state) is None] == ["review"]


@pytest.mark.parametrize(
    ("status", "purposes", "obstacle"),
    [
        ("review", {"publication"}, None),
        ("review", {"publication", "research"}, None),
        (
            "review",
            {"research", "service_improvement"},
            "this story is in review without consent to publication; send it back and ask its author to agree",
        ),
        ("draft", {"publication"}, "this story is a draft; its author must submit it first"),
        ("published", set(), "this story is already published; withdraw it to take it down"),
    ],
)
def test_nothing_is_published_without_that_purpose(status: str, purposes: set[str], obstacle: str | None) -> None:
    assert model.obstacle_to_publishing(status, frozenset(purposes)) == obstacle


def test_only_what_others_heard_of_is_told_as_withdrawn() -> None:
    assert [state for state in STATES if model.was_heard_of(state)] == ["review", "published"]


def test_withdrawing_twice_is_refused() -> None:
    assert [state for state in STATES if model.obstacle_to_withdrawing(state) is not None] == ["withdrawn"]
