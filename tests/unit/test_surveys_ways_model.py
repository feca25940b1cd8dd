"""Codes, links, ways in and consent by purpose: the pure rules."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.surveys import qr
from schemas.errors import Invalid
from schemas.ids import new_id
from services.surveys import model
from services.surveys.model import codes
from services.surveys.model.ways import WAYS

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FORM = model.compiled(
    {
        "sections": [],
        "consent": {
            "version": "2",
            "purposes": {"service_improvement": "S", "research": "R", "matching": "M"},
            "required": ["service_improvement"],
            "scored_for": "research",
        },
    }
)
GIVEN = model.Consent("2", frozenset({"service_improvement", "research"}))


def link(**changes: object) -> model.Link:
    known = {
        "id": new_id(),
        "questionnaire_id": new_id(),
        "kind": "group",
        "participant": None,
        "ends_at": None,
        "cap": None,
        "taken": 0,
        "revoked": False,
    }
    return model.Link(**(known | changes))  # type: ignore[arg-type]


@given(st.binary(min_size=10, max_size=10))
def test_a_code_is_known_again_however_it_is_spelled(random: bytes) -> None:
    code = codes.spell(random)
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    kept = codes.digest("receipt", code)
    for spelled in (code.lower(), code.replace("-", ""), code.replace("-", " ").replace("0", "O").replace("1", "l")):
        assert codes.digest("receipt", spelled) == kept
    assert codes.digest("saved", code) != kept


def test_codes_are_spelled_in_full_and_are_different() -> None:
    assert codes.spell(bytes(10)) == "0000-0000-0000-0000"
    assert codes.spell(b"\xff" * 20) == "-".join(["ZZZZ"] * 8)
    assert codes.spell(bytes.fromhex("00443214c74254b635cf")) == "0123-4567-89AB-CDEF"
    with pytest.raises(ValueError, match="multiple of five"):
        codes.spell(bytes(9))
    assert {kind: size * 8 for kind, size in codes.BYTES.items()} == {"link": 160, "saved": 80, "receipt": 80}


@pytest.mark.parametrize(
    ("changes", "works"),
    [
        ({}, True),
        ({"revoked": True}, False),
        ({"ends_at": NOW + timedelta(seconds=1)}, True),
        ({"ends_at": NOW}, False),
        ({"cap": 1}, True),
        ({"cap": 1, "taken": 1}, False),
        ({"cap": 3, "taken": 2, "revoked": True}, False),
    ],
)
def test_when_a_link_works(changes: dict[str, object], works: bool) -> None:
    assert link(**changes).works(NOW) is works


def test_the_way_in_and_who_vouches() -> None:
    person: UUID = new_id()
    personal = link(kind="personal", participant=person)
    assert model.way_in(None, None) == "open"
    assert model.way_in(None, person) == "signed_in"
    assert model.way_in(personal, None) == model.way_in(personal, person) == "personal_link"
    assert model.way_in(personal, None, "assisted") == "assisted"
    vouched = {mode: model.is_vouched(mode, None) for mode in (*WAYS, "import")}
    assert [mode for mode, yes in vouched.items() if yes] == ["assisted", "paper", "import"]
    assert model.is_vouched("group_link", person) is True


def test_every_way_that_is_shut_says_what_to_do() -> None:
    for way in WAYS:
        assert model.shut(way, [way]) is None
        assert model.shut(way, [])


def test_single_purposes_change_and_the_others_stay() -> None:
    after, faults = model.changed(FORM, GIVEN, "2", ["matching"], ["research"])
    assert (faults, after) == ([], model.Consent("2", frozenset({"service_improvement", "matching"})))
    assert model.changed(FORM, GIVEN, "", [], []) == (GIVEN, [])


@pytest.mark.parametrize(
    ("version", "agree", "refuse", "paths"),
    [
        ("1", ["matching"], [], [("version",)]),
        ("2", ["selling"], ["spying"], [("agree", "selling"), ("refuse", "spying")]),
        ("2", ["matching"], ["matching"], [("refuse", "matching")]),
        ("2", [], ["service_improvement"], [("refuse", "service_improvement")]),
    ],
)
def test_what_cannot_be_changed_is_named(
    version: str, agree: list[str], refuse: list[str], paths: list[tuple[str, ...]]
) -> None:
    _, faults = model.changed(FORM, GIVEN, version, agree, refuse)
    assert [fault.path for fault in faults] == paths


def test_numbers_count_under_the_purpose_that_scoring_is_for() -> None:
    assert model.counted(FORM, {"research"}, {"a": 1.0}) == {"a": 1.0}
    assert model.counted(FORM, {"service_improvement"}, {"a": 1.0}) == {}


def test_a_qr_code_carries_the_token_where_no_server_sees_it() -> None:
    made = qr.code("https://answers.example.org/", "K7QM-2XPA")
    assert made.address == "https://answers.example.org/#link=K7QM-2XPA"
    assert made.svg.startswith("<svg")
    assert made.address in made.svg
    assert made.png.startswith("iVBORw0KGgo")


@pytest.mark.parametrize("page", ["", "answers", "ftp://a.org", "javascript:alert(1)", "https://a.org/#x", "https://"])
def test_a_qr_code_leads_to_a_page_only(page: str) -> None:
    with pytest.raises(Invalid):
        qr.code(page, "K7QM")


def test_saved_answers_must_fit_their_questions_and_no_more() -> None:
    item = {"code": "age", "kind": "number", "text": "Age", "minimum": 0, "maximum": 120, "constraint": ". > 17"}
    more = {"code": "why", "kind": "text", "text": "Why?", "required_if": "${age} > 20"}
    again = {"code": "child", "kind": "number", "text": "Age of the child", "required": True}
    form = model.compiled(
        {
            "title": "Taking part",
            "sections": [
                {"code": "one", "title": "One", "items": [item, more]},
                {"code": "children", "title": "Children", "items": [again], "repeat": {"minimum": 2}},
            ],
            "consent": {"version": "1", "purposes": {"research": "R"}, "required": ["research"]},
        }
    )

    def check(answers: dict[str, Any], *, unfinished: bool) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
        nothing = model.Consent("", frozenset())
        given = model.Submission(answers=answers, groups={}, area=None, consent=nothing, at=NOW)
        found, faults = model.check(form, given, lambda _: False, unfinished=unfinished)
        return found, [fault.path for fault in faults]

    young, old = {"age": 12, "children": [{}]}, {"age": 30}
    assert check(young, unfinished=True) == ({"age": 12, "children": [{}]}, [])
    assert check(old, unfinished=True) == ({"age": 30}, [])
    assert check({"age": "old", "shoe": 9}, unfinished=True)[1] == [("answers", "shoe"), ("answers", "age")]
    assert ("answers", "age") in check(young, unfinished=False)[1]
    assert ("answers", "why") in check(old, unfinished=False)[1]
    assert ("consent", "version") in check(old, unfinished=False)[1]
