"""What may be followed, and what a fact means to followers."""

from uuid import UUID

import pytest

from services.notifications import model

THING = UUID("0190f3a0-0000-7000-8000-000000000001")
PERSON = UUID("0190f3a0-0000-7000-8000-000000000002")


@pytest.mark.parametrize(
    ("subject", "key", "fault"),
    [
        ("area", "", None),
        ("area", "E05002169", None),
        ("survey", "", None),
        ("survey", str(THING), None),
        ("survey", str(THING).upper(), "Choose a survey, or leave it empty for every new one."),
        ("survey", "civic-2026", "Choose a survey, or leave it empty for every new one."),
        ("tag", "youth_work", None),
        ("tag", "", "Choose one of the directory's tags."),
        ("tag", "Youth Work", "Choose one of the directory's tags."),
        ("own_scores", "", None),
        ("own_scores", str(PERSON), "Leave this empty: these are your own scores."),
        ("case_studies", "", None),
        ("case_studies", "hope", None),
        ("case_studies", "Hope!", "Choose a theme, or leave it empty for all."),
    ],
)
def test_what_may_be_followed(subject: str, key: str, fault: str | None) -> None:
    assert model.fault_in_key(subject, key) == fault


@pytest.mark.parametrize("email", ["a@example.org", "first.last+tag@mail.example.co.uk", "o'neil@example.org"])
def test_addresses(email: str) -> None:
    assert model.is_address(email)


@pytest.mark.parametrize(
    "email",
    ["", "a", "a@b", "a@b@example.org", "a b@example.org", "ä@example.org", "a@example.org\r\nBcc: x@example.org",
     "a@example.org\n", "<a@example.org>", "a@.org", f"{'a' * 65}@example.org", f"a@{'b' * 250}.org"],
)  # fmt: skip
def test_what_is_no_address(email: str) -> None:
    assert not model.is_address(email)


def test_figures_are_a_fact_for_each_area_and_for_the_council() -> None:
    notices = model.figures_released(THING, 2, 7, ("E1", "E2", "E1"))
    assert [(n.subject, n.key, n.dedupe_key) for n in notices] == [
        ("area", "E1", f"figures:{THING}:2:7:E1"),
        ("area", "E2", f"figures:{THING}:2:7:E2"),
        ("area", "", f"figures:{THING}:2:7:"),
    ]
    assert {(n.kind, n.about, n.person) for n in notices} == {("figures_released", THING, None)}


def test_an_open_survey_is_one_fact_for_two_kinds_of_followers() -> None:
    notices = model.questionnaire_published(THING, 3)
    assert [(n.kind, n.key, n.dedupe_key) for n in notices] == [
        ("questionnaire_published", "", f"open:{THING}:3"),
        ("questionnaire_published", str(THING), f"open:{THING}:3"),
    ]


def test_a_closed_survey_is_told_to_its_own_followers_only() -> None:
    assert model.questionnaire_closed(THING, 3) == [
        model.Notice("questionnaire_closed", "survey", str(THING), THING, f"closed:{THING}:3")
    ]


def test_scores_are_told_to_that_person_alone() -> None:
    assert model.scores_updated(THING, PERSON, PERSON) == [
        model.Notice("scores_updated", "own_scores", "", PERSON, f"scores:{THING}", PERSON)
    ]


def test_stories_and_entries_are_one_fact_each_whatever_their_themes_and_tags() -> None:
    stories = model.case_study_published(THING, ("hope", "work", "hope"))
    assert [n.key for n in stories] == ["", "hope", "work"]
    assert {n.dedupe_key for n in stories} == {f"story:{THING}"}
    entries = model.entry_published(THING, ("youth", "arts"))
    assert [n.key for n in entries] == ["youth", "arts"]
    assert {n.dedupe_key for n in entries} == {f"entry:{THING}"}
    assert model.entry_published(THING, ()) == []


def test_an_e_mail_gives_nothing_away() -> None:
    text = (model.EMAIL_SUBJECT + model.EMAIL_BODY).lower()
    for word in (
        "council",
        "survey",
        "score",
        "health",
        "recovery",
        "area",
        "civic",
        "story",
        "wellbeing",
        "well-being",
    ):
        assert word not in text
    assert "To stop these e-mails" in model.EMAIL_BODY
