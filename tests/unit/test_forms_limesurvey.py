"""LimeSurvey in: what becomes of each type of question, of rules, quotas and languages."""

from typing import Any

import pytest

from services.surveys.model.forms import Draft, Quota, Refused, Wishes, read_limesurvey
from services.surveys.model.forms.expression_script import Untold, Variable, told
from services.surveys.model.forms.fitting import fit
from services.surveys.model.writing import faults_of
from tests.support.limesurvey import answer, lss, question, sub
from tests.support.xlsforms import items


def _draft(**tables: Any) -> Draft:
    return read_limesurvey(lss(**tables), Wishes(), lambda _: None)


def _kinds(found: Draft) -> dict[str, str]:
    return {code: item["kind"] for code, item in items(found).items()}


PARTS = [sub(11, 1, "A"), sub(12, 1, "B")]
BOTH = [answer(1, "A1", 1), answer(1, "A2", 2)]
ROWS = [{"code": "a", "label": "Text of A"}, {"code": "b", "label": "Text of B"}]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("L", {"q": "single_choice"}), ("!", {"q": "single_choice"}),
        ("O", {"q": "single_choice", "q_comment": "long_text"}), ("M", {"q": "multiple_choice"}),
        ("P", {"q": "multiple_choice", "q_a_comment": "text", "q_b_comment": "text"}),
        ("F", {"q": "matrix"}), ("A", {"q": "matrix"}), ("B", {"q": "matrix"}), ("C", {"q": "matrix"}),
        ("E", {"q": "matrix"}), ("H", {"q": "matrix"}), ("1", {"q": "matrix", "q_2": "matrix"}), ("5", {"q": "scale"}),
        ("N", {"q": "number"}), ("K", {"q_a": "number", "q_b": "number"}), ("Q", {"q_a": "text", "q_b": "text"}),
        ("S", {"q": "text"}), ("T", {"q": "long_text"}), ("U", {"q": "long_text"}), ("R", {"q": "ranking"}),
        ("D", {"q": "date"}), ("Y", {"q": "single_choice"}), ("G", {"q": "single_choice"}), ("X", {"q": "note"}),
        ("*", {"q": "calculation"}), ("|", {"nothing_yet": "note"}), ("I", {"nothing_yet": "note"}),
    ],
)  # fmt: skip
def test_every_type_of_question_becomes_its_kind(kind: str, expected: dict[str, str]) -> None:
    both = [*BOTH, answer(1, "B1", scale_id=1), answer(1, "B2", scale_id=1)] if kind == "1" else BOTH
    words = {"question": "{1 + 1}"} if kind == "*" else {}
    found = _draft(questions=[question(1, kind, "q", **words)], subquestions=PARTS, answers=both)
    assert _kinds(found) == expected
    assert faults_of(fit(found, faults_of).definition) == []


def test_answers_keep_their_assessment_values_as_scores_where_they_differ() -> None:
    found = _draft(questions=[question(1, "L", "q", other="Y", mandatory="Y")], answers=BOTH)
    assert items(found)["q"] == {
        "code": "q", "kind": "single_choice", "text": "Text of q", "other": True, "required": True,
        "choices": [
            {"code": "a1", "label": "Text of A1", "score": 1.0}, {"code": "a2", "label": "Text of A2", "score": 2.0},
        ],
    }  # fmt: skip
    alike = _draft(questions=[question(1, "L", "q")], answers=[answer(1, "A1"), answer(1, "A2")])
    assert all("score" not in choice for choice in items(alike)["q"]["choices"])


def test_arrays_are_matrices_of_numbers_or_choices() -> None:
    five = items(_draft(questions=[question(1, "A", "q")], subquestions=PARTS))["q"]
    assert (five["minimum"], five["maximum"], five["rows"]) == (1.0, 5.0, ROWS)
    yes_no = items(_draft(questions=[question(1, "C", "q")], subquestions=PARTS))["q"]
    assert [c["code"] for c in yes_no["choices"]] == ["y", "u", "n"]
    columns = [sub(13, 1, "X", scale_id=1), sub(14, 1, "Z", scale_id=1)]
    numbers = items(_draft(questions=[question(1, ":", "q")], subquestions=[*PARTS, *columns]))
    assert {code: (i["kind"], i["minimum"], i["maximum"], i["rows"]) for code, i in numbers.items()} == {
        "q_x": ("matrix", 1.0, 10.0, ROWS),
        "q_z": ("matrix", 1.0, 10.0, ROWS),
    }
    texts = _draft(questions=[question(1, ";", "q")], subquestions=[*PARTS, *columns])
    assert _kinds(texts) == dict.fromkeys(("q_a_x", "q_b_x", "q_a_z", "q_b_z"), "text")


def test_attributes_become_bounds_and_what_has_no_like_is_named() -> None:
    attributes = [
        {"qid": 1, "attribute": "min_num_value_n", "value": "2"},
        {"qid": 1, "attribute": "max_num_value_n", "value": "{q2}"},
        {"qid": 1, "attribute": "num_value_int_only", "value": "1"},
        {"qid": 2, "attribute": "maximum_chars", "value": "40"},
        {"qid": 2, "attribute": "time_limit", "value": "30"},
    ]
    found = _draft(questions=[question(1, "N", "q"), question(2, "S", "q2")], question_attributes=attributes)
    assert items(found)["q"] == {"code": "q", "kind": "number", "text": "Text of q", "minimum": 2.0, "step": 1.0}
    assert items(found)["q2"]["maximum"] == 40.0
    left = [(n.sheet, n.column, n.why) for n in found.notes if n.outcome == "left_out"]
    assert left == [
        ("questions", "q max_num_value_n", "A bound is a number here."),
        ("questions", "q2 time_limit", "Nobody is hurried."),
    ]
    assert all(n.row is not None and n.row > 5 for n in found.notes if n.sheet == "questions")


QUESTIONS = [
    question(1, "L", "Q1"),
    question(2, "M", "Q2"),
    question(3, "F", "Q3"),
    question(4, "N", "Q4"),
]
SUBS = [sub(21, 2, "SQ1"), sub(22, 2, "SQ2"), sub(31, 3, "R1"), sub(32, 3, "R2")]
ANSWERS = [answer(1, "A1"), answer(1, "A2"), answer(3, "F1"), answer(3, "F2")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1", None),
        ('((Q1.NAOK == "A1"))', "${q1} = 'a1'"),
        ('Q1 != "A1" and !is_empty(Q4)', "${q1} != 'a1' and not(${q4} = '')"),
        ('Q2_SQ1.NAOK == "Y" || Q2_SQ2 != "Y"', "selected(${q2}, 'sq1') or not(selected(${q2}, 'sq2'))"),
        ('Q3_R1 == "F2"', "${q3.r1} = 'f2'"),
        ("7X1X4.NAOK > 3", "${q4} > 3"),
        ('7X1X2SQ1 == "Y"', "selected(${q2}, 'sq1')"),
        ("(Q4 + 1) * 2 >= 10 / 4", "((${q4} + 1) * 2) >= (10 div 4)"),
        ("count(Q2_SQ1, Q2_SQ2) > 1", "(number(selected(${q2}, 'sq1')) + number(selected(${q2}, 'sq2'))) > 1"),
        ("(Q4 > 1 or Q4 < 0) and Q4 != 5", "(${q4} > 1 or ${q4} < 0) and ${q4} != 5"),
    ],
)
def test_relevance_is_said_in_our_language(written: str, expected: str | None) -> None:
    last = question(5, "S", "Q5", relevance=written)
    found = _draft(questions=[*QUESTIONS, last], subquestions=SUBS, answers=ANSWERS)
    assert items(found)["q5"].get("relevance") == expected
    assert [n for n in found.notes if "relevance" in n.column] == []


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Q4.shown > 1", '"Q4.shown" asks for something other than an answer.'),
        ("TOKEN:ATTRIBUTE_1 == 1", 'It speaks of "TOKEN:ATTRIBUTE_1", which is not in the draft.'),
        ("rand(1, 2) == 1", 'There is no "rand" here.'),
        ("(Q4 > 1", "A bracket is not closed."),
        ("Q4 > ", "It breaks off."),
        ("(" * 200 + "1" + ")" * 200, "It has too many brackets in brackets."),
    ],
)
def test_a_rule_that_cannot_be_said_is_named_with_its_question(written: str, why: str) -> None:
    found = _draft(
        questions=[*QUESTIONS, question(5, "S", "Q5", relevance=written)], answers=ANSWERS, subquestions=SUBS
    )
    assert "relevance" not in items(found)["q5"]
    assert [(n.sheet, n.column, n.why) for n in found.notes if "relevance" in n.column] == [
        ("questions", "Q5 relevance", why)
    ]


def test_a_group_s_rule_is_its_section_s_and_conditions_of_old_surveys_are_rules() -> None:
    groups = [
        {"gid": 1, "group_name": "One", "group_order": 0, "language": "en"},
        {"gid": 2, "group_name": "Two", "group_order": 1, "language": "en", "grelevance": "Q4 > 2"},
    ]
    conditions = [
        {"qid": 5, "scenario": 1, "cqid": 4, "cfieldname": "7X1X4", "method": ">", "value": "3"},
        {"qid": 5, "scenario": 1, "cqid": 2, "cfieldname": "+7X1X2SQ1", "method": "==", "value": "Y"},
    ]
    found = _draft(
        groups=groups,
        questions=[*QUESTIONS, question(5, "S", "Q5", gid=2)],
        subquestions=SUBS,
        answers=ANSWERS,
        conditions=conditions,
    )
    assert [(s["code"], s["title"], s.get("relevance")) for s in found.definition["sections"]] == [
        ("one", "One", None),
        ("two", "Two", "${q4} > 2"),
    ]
    assert items(found)["q5"]["relevance"] == "(${q4} > 3) and (selected(${q2}, 'sq1'))"


def test_quotas_come_with_the_codes_of_the_draft() -> None:
    found = _draft(
        questions=[question(1, "L", "Q1")],
        answers=[answer(1, "A1"), answer(1, "A2")],
        quota=[{"id": 1, "name": "Enough", "qlimit": 30, "active": 1}],
        quota_members=[{"quota_id": 1, "qid": 1, "code": "A2"}],
        quota_languagesettings=[{"quotals_quota_id": 1, "quotals_language": "en", "quotals_message": "Thank you."}],
    )
    assert found.quotas == (Quota("Enough", 30, (("q1", "a2"),), "Thank you."),)


def test_languages_are_translations_in_old_files_and_in_new_ones() -> None:
    languages = {
        "surveys": [{"language": "en", "additional_languages": "cy"}],
        "surveys_languagesettings": [
            {"surveyls_language": "en", "surveyls_title": "Voting"},
            {"surveyls_language": "cy", "surveyls_title": "Pleidleisio"},
        ],
    }
    old = _draft(
        **languages,
        questions=[question(1, "S", "q"), question(1, "S", "q", language="cy", question="Testun <b>q</b>")],
    )
    bare = {k: v for k, v in question(1, "S", "q").items() if k not in ("question", "language")}
    new = _draft(
        **languages,
        groups=[{"gid": 1, "group_order": 0}],
        group_l10ns=[{"gid": 1, "group_name": "First", "language": "en"}],
        questions=[bare],
        question_l10ns=[
            {"qid": 1, "question": "Text of q", "language": "en"},
            {"qid": 1, "question": "Testun q", "language": "cy"},
        ],
    )
    assert old.definition == new.definition
    assert old.definition["translations"] == {"cy": {"title": "Pleidleisio", "items.q.text": "Testun q"}}
    assert (old.definition["language"], old.definition["title"]) == ("en", "Voting")


def _why(data: bytes) -> tuple[int | None, str]:
    with pytest.raises(Refused) as caught:
        read_limesurvey(data, Wishes(), lambda _: None)
    [wrong] = caught.value.wrongs
    return wrong.row, wrong.message


def test_a_file_with_a_document_type_is_not_read_and_nothing_in_it_is_followed() -> None:
    laughs = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert _why(laughs + lss(questions=[]))[1].startswith("The file has a document type of its own")
    outside = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert _why(outside + lss(questions=[]))[1].startswith("The file has a document type of its own")


def test_what_is_broken_or_something_else_is_refused_with_its_line() -> None:
    row, message = _why(b"<document>\n<LimeSurveyDocType>Survey</LimeSurveyDocType>\n<x></y></document>")
    assert (row, message) == (3, "Here the file is broken: it is no XML. Export the survey again.")
    for other in (b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", b"<html></html>"):
        assert _why(other)[1].startswith("This is no LimeSurvey structure.")


def test_texts_with_both_kinds_of_quotation_marks_cannot_be_said() -> None:
    with pytest.raises(Untold):
        told("""Q == "it's \\"so\\"" """, lambda _: Variable("${q}"))
