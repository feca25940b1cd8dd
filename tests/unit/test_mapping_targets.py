"""Mappings: which questions the columns of a file can answer, and how."""

import msgspec

from deploy.importing.checks import faults_of
from schemas.rpc.surveys import Choice, ImportRow, Item, Repeat, Row, Section
from tests.support import questionnaires
from tests.unit.test_mapping import mapping, read


def test_questions_of_every_kind_that_a_column_can_answer() -> None:
    rows = (Row("bus", "Buses"), Row("park", "Parks"))
    choices = (Choice("a", "A"), Choice("b", "B"))
    items = (
        Item("grid", "matrix", "?", rows=rows, minimum=1, maximum=5, required=True, prefer_not_to_say=True),
        Item("which", "matrix", "?", rows=rows, choices=choices),
        Item("ease", "slider", "?", minimum=0, maximum=10),
        Item("rank", "ranking", "?", choices=choices, prefer_not_to_say=True),
        Item("one", "single_choice", "?", choices=choices, other=True),
        Item("born", "date", "?"),
        Item("ok", "consent", "?"),
        Item("hello", "note", "?"),
        Item("later", "number", "?", required=True, relevance="${ease} > 3"),
    )
    sections = (Section("s", "S", items), Section("kids", "K", (Item("years", "number", "?"),), repeat=Repeat()))
    form = msgspec.structs.replace(questionnaires.definition(), sections=sections)
    known = {"1": "a", "2": "b", "9": "prefer_not_to_say"}
    meant = mapping(
        items={
            "grid.bus": "g1",
            "grid.park": {"column": "g2", "values": {"low": 1, "-": "prefer_not_to_say"}},
            "which.park": {"column": "w", "values": {"1": "a"}},
            "ease": "e",
            "rank": {"column": "r", "values": known},
            "one": "o",
            "one_other": "ot",
            "born": "d",
            "ok": {"column": "c", "values": {"Y": "yes"}},
        }
    )
    assert faults_of(meant, meant.columns, form) == []
    row = read(meant, "3", "-", "1", "7.5", "2;1", "other", "Cricket", "1980-01-02", "Y", definition=form)
    assert isinstance(row, ImportRow)
    assert row.answers == {
        "grid": {"bus": 3, "park": "prefer_not_to_say"},
        "which": {"park": "a"},
        "ease": 7.5,
        "rank": ["b", "a"],
        "one": "other",
        "one_other": "Cricket",
        "born": "1980-01-02",
        "ok": "yes",
    }
    declined = read(meant, "prefer_not_to_say", "low", "", "", "9", "", "", "", "", definition=form)
    assert isinstance(declined, ImportRow)
    assert {code: answer for code, answer in declined.answers.items() if answer is not None} == {
        "grid": {"bus": "prefer_not_to_say", "park": 1},
        "which": {"park": None},
        "rank": "prefer_not_to_say",
    }
    wrong = mapping(
        items={
            "grid": "g",
            "years": "y",
            "hello": "h",
            "ok": {"column": "c", "values": {"Y": "maybe"}},
            "grid.bus": "b",
        }
    )
    assert faults_of(wrong, wrong.columns, form) == [
        "the questionnaire has no item 'grid'; it has the rows 'grid.bus', 'grid.park'",
        "the questionnaire has no item 'years'",
        "the questionnaire has no item 'hello'",
        "item 'ok' has no choice 'maybe'",
        "item 'grid.park' must be answered, and the mapping gives it no column",
    ]
