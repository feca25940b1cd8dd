"""The rules of a directory entry."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory import model

PLAIN = model.Wording("organisation", None, None, None, False, None, None)


def paths(wording: model.Wording) -> list[tuple[str, ...]]:
    return [fault.path for fault in model.faults_of(wording)]


def test_a_plain_entry_has_no_faults() -> None:
    assert model.faults_of(PLAIN) == []


@pytest.mark.parametrize("email", ["name", "name@", "@example.org", "a b@example.org", "name@example", "a@b@c.org"])
def test_an_address_that_is_none_is_named(email: str) -> None:
    assert model.faults_of(PLAIN._replace(email=email)) == [
        model.Fault(("contact", "email"), "Write it like name@example.org.")
    ]


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", "http://a b", "https://[x"]
)
def test_only_web_addresses_are_links(website: str) -> None:
    assert paths(PLAIN._replace(website=website)) == [("contact", "website")]


def test_good_contacts_pass() -> None:
    contact = PLAIN._replace(
        email="hello@example.org", telephone="01733 (000) 000", website="https://example.org/a?b=c"
    )
    assert model.faults_of(contact) == []


def test_every_fault_is_said_at_once() -> None:
    wording = model.Wording("leader", "x", "call me", "y", True, 10.0, 5.0)
    assert paths(wording) == [
        ("contact", "email"),
        ("contact", "telephone"),
        ("contact", "website"),
        ("funding",),
        ("funding", "maximum"),
    ]


@pytest.mark.parametrize(
    ("kind", "stands", "asked", "own", "consents"),
    [
        ("person", False, True, True, True),
        ("person", False, True, False, False),  # an officer cannot agree for somebody
        ("leader", True, True, False, True),
        ("leader", True, False, False, False),  # an officer can take it out
        ("organisation", False, True, True, False),  # nothing to agree to
    ],
)
def test_nobody_agrees_for_somebody_else(kind: str, stands: bool, asked: bool, own: bool, consents: bool) -> None:
    assert model.consent_stands(kind, stands=stands, asked=asked, own=own) is consents


@pytest.mark.parametrize(
    ("kind", "status", "consent", "obstacle"),
    [
        ("organisation", "draft", False, None),
        ("person", "draft", True, None),
        ("person", "draft", False, "this entry is a draft without consent; agree to be listed, then publish it"),
        (
            "funding",
            "published",
            False,
            "this entry is already published; change it, and the change is shown at once",
        ),
        ("leader", "withdrawn", True, "this entry is withdrawn; add a new one instead"),
    ],
)
def test_what_stands_in_the_way_of_publishing(kind: str, status: str, consent: bool, obstacle: str | None) -> None:
    assert model.obstacle_to_publishing(kind, status, consent=consent) == obstacle


def test_a_withdrawn_entry_stays_so() -> None:
    assert [model.obstacle_to_editing(s) for s in ("draft", "published", "withdrawn")] == [
        None,
        None,
        "this entry is withdrawn; add a new one instead",
    ]
    assert [model.obstacle_to_withdrawing(s) for s in ("draft", "published", "withdrawn")] == [
        None,
        None,
        "this entry is already withdrawn; there is nothing left to do",
    ]


def test_a_deadline_counts_to_the_end_of_its_day() -> None:
    assert model.last_open_day(datetime(2026, 11, 24, 23, 59, tzinfo=UTC)) == date(2026, 11, 24)


@given(st.none() | st.floats(min_value=0, max_value=100, width=32), st.uuids())
def test_a_cursor_says_what_it_was_told(rank: float | None, entry_id: UUID) -> None:
    cursor = model.Cursor(rank, entry_id)
    assert model.Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize("text", ["", "x", "!!!!", "ä", "AAAA", "f8AAAAAAAAAAAAAAAAAAAAAAAAA", "A" * 200])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        model.Cursor.decode(text)
