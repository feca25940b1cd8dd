"""XLSForm in: what becomes of each thing that a form can say."""

from typing import Any

import pytest

from services.surveys.model.forms import Refused, Wishes, Wrong, read_xlsform, workbook
from tests.support.xlsforms import Sheets, as_csv, draft, items, notes, xlsx

HEAD = ["type", "name", "label"]
YES_NO = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", {"kind": "text"}),
        ("integer", {"kind": "number", "step": 1.0}),
        ("decimal", {"kind": "number"}),
        ("percentage", {"kind": "number", "step": 1.0, "minimum": 0.0, "maximum": 100.0}),
        ("date", {"kind": "date"}),
        ("note", {"kind": "note"}),
        ("acknowledge", {"kind": "consent"}),
        ("range", {"kind": "slider", "minimum": 1.0, "maximum": 10.0, "step": 1.0}),
        ("q string", {"kind": "text"}),
        ("add integer prompt", {"kind": "number", "step": 1.0}),
    ],
)
def test_a_type_becomes_a_kind(kind: str, expected: Any) -> None:
    found = draft([HEAD, [kind, "q", "Question"]])
    assert items(found) == {"q": {"code": "q", "text": "Question", **expected}}
    assert notes(found) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("select_one yn", "single_choice"),
        ("select_multiple yn", "multiple_choice"),
        ("rank yn", "ranking"),
        ("select all that apply from yn", "multiple_choice"),
    ],
)
def test_a_list_becomes_choices(kind: str, expected: Any) -> None:
    found = draft([HEAD, [kind, "q", "Question"]], YES_NO)
    choices = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]
    assert items(found) == {"q": {"code": "q", "kind": expected, "text": "Question", "choices": choices}}


@pytest.mark.parametrize(
    "kind",
    [
        *("image", "audio", "video", "file", "geopoint", "geotrace", "geoshape", "barcode", "start", "end", "deviceid"),
        *("username", "phonenumber", "email", "start-geopoint", "osm", "csv-external", "select_one_from_file t.csv"),
    ],
)
def test_what_cannot_be_carried_is_named_with_its_row(kind: str) -> None:
    found = draft([HEAD, ["text", "q", "Question"], [kind, "gone", "Gone"]], YES_NO)
    assert list(items(found)) == ["q"]
    [note] = found.notes[1:]
    assert (note.sheet, note.row, note.column, note.outcome) == ("survey", 3, "type", "left_out")
    assert note.why
    assert note.advice


def test_a_form_of_which_nothing_can_be_asked_still_becomes_a_draft() -> None:
    found = draft([HEAD, ["geopoint", "where", "Where"]])
    assert items(found) == {
        "nothing_yet": {"code": "nothing_yet", "kind": "note", "text": "There is no question here yet."}
    }
    assert [n[0:2] for n in notes(found, "to_do")] == [("survey", None)]


def test_required_is_yes_no_or_a_rule() -> None:
    found = items(
        draft(
            [
                [*HEAD, "required"],
                ["text", "a", "A", "yes"],
                ["text", "b", "B", "no"],
                ["text", "c", "C", "true()"],
                ["text", "d", "D", "${a} != ''"],
            ]
        )
    )
    assert [found[c].get("required") for c in "abcd"] == [True, None, True, None]
    assert found["d"]["required_if"] == "${a} != ''"


def test_rules_hints_and_messages_are_carried() -> None:
    form = [
        [*HEAD, "hint", "relevant", "constraint", "constraint_message"],
        ["integer", "a", "A", "Count all", None, ". >= 0 and . <= 20", "From 0 to 20"],
        ["decimal", "b", "B", None, "${a} > 3", ". < ${a}", None],
        ["text", "c", "C", None, None, "string-length(.) <= 40 and . != 'x'", None],
        ["date", "d", "D", None, None, ". >= date('2020-02-01') and . <= today()", None],
    ]
    assert items(draft(form)) == {
        "a": {
            "code": "a", "kind": "number", "text": "A", "hint": "Count all", "step": 1.0, "minimum": 0.0,
            "maximum": 20.0, "constraint_message": "From 0 to 20",
        },
        "b": {"code": "b", "kind": "number", "text": "B", "relevance": "${a} > 3", "constraint": ". < ${a}"},
        "c": {"code": "c", "kind": "text", "text": "C", "maximum": 40.0, "constraint": ". != 'x'"},
        "d": {"code": "d", "kind": "date", "text": "D", "earliest": "2020-02-01", "latest": "today"},
    }  # fmt: skip


def test_calculations_and_hidden_values_are_calculations() -> None:
    form = [
        [*HEAD, "calculation", "default", "read_only"],
        ["integer", "a", "A", None, None, None],
        ["calculate", "b", None, "${a} * 2", None, None],
        ["hidden", "c", None, None, "paper", None],
        ["hidden", "d", None, None, None, None],
        ["integer", "e", "E", "${b} + 1", None, "yes"],
        ["integer", "f", "F", "${b} + 2", None, None],
    ]
    found = draft(form)
    assert {c: i.get("calculation") for c, i in items(found).items()} == {
        "a": None, "b": "${a} * 2", "c": '"paper"', "e": "${b} + 1", "f": None,
    }  # fmt: skip
    assert [n[:3] for n in notes(found)] == [("survey", 5, "type"), ("survey", 7, "calculation")]


def test_a_rule_about_something_that_is_not_carried_is_named_and_so_is_all_that_hangs_on_it() -> None:
    form = [
        [*HEAD, "calculation", "relevant"],
        ["geopoint", "where", "Where", None, None],
        ["calculate", "near", None, "${where} != ''", None],
        ["text", "why", "Why", None, "${near}"],
        ["text", "how", "How", None, "${why} = 'x'"],
    ]
    found = draft(form)
    assert items(found) == {
        "why": {"code": "why", "kind": "text", "text": "Why"},
        "how": {"code": "how", "kind": "text", "text": "How", "relevance": "${why} = 'x'"},
    }
    assert [(row, column) for _, row, column, _ in notes(found, "left_out")] == [
        (2, "type"), (3, "calculation"), (4, "relevant"),
    ]  # fmt: skip


def test_an_expression_that_our_language_does_not_have_is_named_with_its_reason() -> None:
    sheets = {"survey": [[*HEAD, "relevant"], ["text", "a", "A", None], ["text", "b", "B", "pulldata('x', ${a})"]]}
    found = read_xlsform(
        xlsx(sheets), "xlsx", Wishes(), lambda text: "There is no pulldata here." if "pulldata" in text else None
    )
    assert "relevance" not in items(found)["b"]
    assert notes(found) == [("survey", 3, "relevant", "There is no pulldata here.")]


def test_groups_become_sections_and_a_rule_of_a_group_holds_for_the_groups_in_it() -> None:
    form = [
        [*HEAD, "relevant"],
        ["text", "first", "First", None],
        ["begin_group", "home", "Home", "${first} = 'a'"],
        ["text", "street", "Street", None],
        ["begin_group", "people", "People", "${street} != ''"],
        ["integer", "many", "How many", None],
        ["end_group", None, None, None],
        ["text", "pets", "Pets", None],
        ["end_group", None, None, None],
        ["text", "last", "Last", None],
    ]
    sections = draft(form).definition["sections"]
    assert [(s["code"], s["title"], s.get("relevance"), [i["code"] for i in s["items"]]) for s in sections] == [
        ("questions", "Untitled questionnaire", None, ["first"]),
        ("home", "Home", "${first} = 'a'", ["street"]),
        ("people", "Home – People", "(${first} = 'a') and (${street} != '')", ["many"]),
        ("home_2", "Home", "${first} = 'a'", ["pets"]),
        ("questions_2", "Untitled questionnaire", None, ["last"]),
    ]


def test_a_repeat_is_a_section_and_groups_in_it_hand_their_rule_to_their_questions() -> None:
    form = [
        [*HEAD, "relevant", "repeat_count"],
        ["integer", "n", "N", None, None],
        ["begin_repeat", "child", "Child", "${n} > 0", "${n}"],
        ["text", "called", "Name", None, None],
        ["begin_group", "school", "School", "${called} != ''", None],
        ["text", "where", "Which", None, None],
        ["end_group", None, None, None, None],
        ["end_repeat", None, None, None, None],
    ]
    section = draft(form).definition["sections"][1]
    assert section == {
        "code": "child",
        "title": "Child",
        "relevance": "${n} > 0",
        "repeat": {"count": "${n}"},
        "items": [
            {"code": "called", "kind": "text", "text": "Name"},
            {"code": "school", "kind": "note", "text": "School", "relevance": "${called} != ''"},
            {"code": "where", "kind": "text", "text": "Which", "relevance": "${called} != ''"},
        ],
    }


def test_a_repeat_in_a_repeat_is_asked_once_and_named() -> None:
    form = [
        HEAD,
        ["begin_repeat", "home", "Home"],
        ["text", "a", "A"],
        ["begin_repeat", "room", "Room"],
        ["text", "b", "B"],
        ["end_repeat", None, None],
        ["end_repeat", None, None],
    ]
    found = draft(form)
    assert [(s["code"], [i["code"] for i in s["items"]]) for s in found.definition["sections"]] == [
        ("home", ["a", "room", "b"])
    ]
    assert [n[:3] for n in notes(found, "changed")] == [("survey", 4, "type")]


def test_likert_is_a_scale_and_a_table_is_a_matrix() -> None:
    choices = [
        ["list_name", "name", "label", "score"],
        *[["agree", str(n), w, None] for n, w in ((1, "Not at all"), (2, "2"), (3, "Very much"))],
        ["yn", "yes", "Yes", 1],
        ["yn", "no", "No", 0],
    ]
    form = [
        [*HEAD, "appearance", "required"],
        ["select_one agree", "q", "How much?", "likert", None],
        ["begin_group", "t", "Do you …", "table-list", None],
        ["select_one yn", "vote", "vote", None, "yes"],
        ["select_one yn", "meet", "go to meetings", None, "yes"],
        ["end_group", None, None, None, None],
    ]
    found = items(draft(form, choices))
    assert found["q"] == {
        "code": "q", "kind": "scale", "text": "How much?", "minimum": 1.0, "maximum": 3.0,
        "labels": {"1": "Not at all", "3": "Very much"},
    }  # fmt: skip
    assert found["t"] == {
        "code": "t", "kind": "matrix", "text": "Do you …", "required": True,
        "choices": [{"code": "yes", "label": "Yes", "score": 1.0}, {"code": "no", "label": "No", "score": 0.0}],
        "rows": [{"code": "vote", "label": "vote"}, {"code": "meet", "label": "go to meetings"}],
    }  # fmt: skip


def test_a_table_whose_rows_differ_is_asked_row_by_row() -> None:
    form = [
        [*HEAD, "appearance", "relevant"],
        ["begin_group", "t", "Table", "table-list", None],
        ["select_one yn", "a", "A", None, None],
        ["select_one yn", "b", "B", None, "${a} = 'yes'"],
        ["end_group", None, None, None, None],
    ]
    found = draft(form, YES_NO)
    assert [i["kind"] for i in items(found).values()] == ["single_choice", "single_choice"]
    assert [n[:3] for n in notes(found, "changed")] == [("survey", 2, "appearance")]


def test_a_rule_speaks_of_a_row_of_a_matrix_by_both_codes() -> None:
    form = [
        [*HEAD, "appearance", "relevant"],
        ["begin_group", "t", "Table", "table-list", None],
        ["select_one yn", "a", "A", None, None],
        ["end_group", None, None, None, None],
        ["text", "why", "Why", None, "${a} = 'yes'"],
    ]
    assert items(draft(form, YES_NO))["why"]["relevance"] == "${t.a} = 'yes'"


def test_other_declining_and_exclusive_choices() -> None:
    choices = [
        ["list_name", "name", "label", "exclusive"],
        ["l", "bus", "Bus", None],
        ["l", "none", "None of these", "yes"],
        ["l", "prefer_not_to_say", "I would rather not say", None],
    ]
    found = draft([HEAD, ["select_multiple l or_other", "q", "How?"]], choices)
    assert items(found)["q"] == {
        "code": "q", "kind": "multiple_choice", "text": "How?", "other": True, "prefer_not_to_say": True,
        "choices": [{"code": "bus", "label": "Bus"}, {"code": "none", "label": "None of these", "exclusive": True}],
    }  # fmt: skip


def test_filters_keep_the_columns_that_they_read() -> None:
    choices = [
        ["list_name", "name", "label", "county", "size"],
        ["county", "North Side", "North", None, None],
        ["county", "south", "South", None, None],
        ["town", "a", "A", "North Side", 3],
        ["town", "b", "B", "south", 4],
    ]
    form = [
        [*HEAD, "choice_filter"],
        ["select_one county", "c", "C", None],
        ["select_one town", "t", "T", "county = ${c}"],
    ]
    found = draft(form, choices)
    assert items(found)["t"] == {
        "code": "t", "kind": "single_choice", "text": "T", "choice_filter": "county = ${c}",
        "choices": [
            {"code": "a", "label": "A", "filters": {"county": "north_side"}},
            {"code": "b", "label": "B", "filters": {"county": "south"}},
        ],
    }  # fmt: skip
    assert [n[:3] for n in notes(found)] == [("choices", 1, "size"), ("choices", 2, "name")]


def test_names_that_are_no_codes_are_mapped_the_same_way_every_time_also_in_rules() -> None:
    choices = [["list_name", "name", "label"], ["l", "Yes", "Yes"], ["l", "-1", "Less"], ["l", "1", "More"]]
    form = [
        [*HEAD, "relevant"],
        ["select_one l", "Wants_More", "More?", None],
        ["text", "why.so", "Why?", "${Wants_More} = 'Yes' or selected(${Wants_More}, \"-1\")"],
        ["text", "wants_more", "Taken", None],
    ]
    found = items(draft(form, choices))
    assert list(found) == ["questions_wants_more", "why_so", "wants_more"]
    assert [c["code"] for c in found["questions_wants_more"]["choices"]] == ["yes", "minus_1", "1"]
    assert found["why_so"]["relevance"] == (
        "${questions_wants_more} = 'yes' or selected(${questions_wants_more}, \"minus_1\")"
    )


def test_translations_go_under_their_paths_and_the_rest_is_the_main_language() -> None:
    form = [
        ["type", "name", "label::English (en)", "label::Welsh (cy)", "hint::Welsh (cy)", "hint::English (en)"],
        ["begin_group", "g", "Group", "Grŵp", None, None],
        ["select_one yn", "q", "Question", "Cwestiwn", "Awgrym", "Hint"],
        ["end_group", None, None, None, None, None],
    ]
    choices = [
        ["list_name", "name", "label::English (en)", "label::Welsh (cy)"],
        ["yn", "y", "Yes", "Ie"],
        ["yn", "n", "No", None],
    ]
    found = draft(form, choices).definition
    assert (found["language"], found["sections"][0]["title"]) == ("en", "Group")
    assert found["translations"] == {
        "cy": {
            "sections.g.title": "Grŵp", "items.q.text": "Cwestiwn", "items.q.hint": "Awgrym",
            "items.q.choices.y": "Ie",
        }
    }  # fmt: skip


def test_the_default_language_says_what_a_column_without_a_language_is_written_in() -> None:
    form = [["type", "name", "label", "label::English (en)"], ["text", "q", "Cwestiwn", "Question"]]
    found = draft(form, settings=[["default_language"], ["Welsh (cy)"]]).definition
    assert (found["language"], found["sections"][0]["items"][0]["text"]) == ("cy", "Cwestiwn")
    assert found["translations"] == {"en": {"items.q.text": "Question"}}


def test_words_only_in_another_language_stand_in_and_are_named() -> None:
    form = [
        ["type", "name", "label::English (en)", "label::Welsh (cy)"],
        ["text", "q", None, "Cwestiwn"],
        ["text", "r", "R", "R"],
    ]
    found = draft(form)
    assert items(found)["q"]["text"] == "Cwestiwn"
    assert [n[:3] for n in notes(found, "to_do")] == [("survey", 2, "label::Welsh (cy)")]


def test_what_a_row_says_beside_its_question_is_named_by_row_and_column() -> None:
    form = [
        [*HEAD, "appearance", "default", "media::image", "trigger", "required_message", "parameters", "my notes"],
        ["text", "a", "A ${b} <b>!</b>", "numbers", "x", "a.png", None, "!", None, "ask Jo"],
        ["select_one yn", "b", "B", None, None, None, None, None, "randomize=true", None],
    ]
    found = draft(form, YES_NO)
    assert items(found)["a"]["text"] == "A … !"
    assert sorted((row, column) for _, row, column, _ in notes(found)) == [
        (1, "my notes"), (2, "appearance"), (2, "default"), (2, "label"), (2, "label"), (2, "media::image"),
        (2, "required_message"), (3, "parameters"),
    ]  # fmt: skip


def test_a_csv_reads_like_the_workbook_and_counts_its_lines() -> None:
    sheets = {"survey": [HEAD, ["select_one yn", "q", "Q\nof two lines"], ["geopoint", "w", "W"]], "choices": YES_NO}
    found = read_xlsform(as_csv(sheets), "csv", Wishes(), lambda _: None)
    assert found.definition == read_xlsform(xlsx(sheets), "xlsx", Wishes(), lambda _: None).definition
    assert [n[:3] for n in notes(found)] == [("survey", 5, "type")]


def test_consent_is_not_written_until_somebody_writes_it() -> None:
    found = draft([HEAD, ["text", "q", "Q"]])
    assert found.definition["consent"]["version"] == "not-written"
    assert [(n.sheet, n.outcome) for n in found.notes] == [("consent", "to_do")]


def test_sheets_of_our_own_say_consent_and_groups() -> None:
    found = draft(
        [HEAD, ["text", "q", "Q"]],
        consent=[
            ["what", "code", "words", "required"],
            ["version", None, "7", None],
            ["text", None, "May we keep your answers?", None],
            ["purpose", "service_improvement", "Make services better", "yes"],
            ["purpose", "research", "Learn more", None],
        ],
        groups=[
            ["attribute", "label", "category", "category_label"],
            ["age", "Your age", "16-24", "16 to 24"],
            ["age", None, "25+", "25 or more"],
        ],
    )
    assert found.definition["consent"] == {
        "version": "7",
        "text": "May we keep your answers?",
        "purposes": {"service_improvement": "Make services better", "research": "Learn more"},
        "required": ["service_improvement"],
    }
    assert found.definition["attributes"] == [
        {"code": "age", "label": "Your age", "categories": {"16-24": "16 to 24", "25+": "25 or more"}}
    ]
    assert found.notes == ()


def _refused(sheets: Sheets, kind: workbook.Format = "xlsx") -> list[tuple[str, int | None, str]]:
    with pytest.raises(Refused) as caught:
        read_xlsform(xlsx(sheets) if kind == "xlsx" else as_csv(sheets), kind, Wishes(), lambda _: None)
    return [(w.sheet, w.row, w.column) for w in caught.value.wrongs]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["tyype", "q", "Q"]], [("survey", 2, "type")]),
        ([["text", "q", "Q"], ["text", "q", "Again"]], [("survey", 3, "name")]),
        ([["text", None, "Q"]], [("survey", 2, "name")]),
        ([["text", "1 q", "Q"]], [("survey", 2, "name")]),
        ([["begin_group", "g", "G"], ["text", "q", "Q"]], [("survey", 2, "type")]),
        ([["text", "q", "Q"], ["end_group", None, None]], [("survey", 3, "type")]),
        ([["begin_group", "g", "G"], ["text", "q", "Q"], ["end_repeat", None, None]], [("survey", 4, "type")]),
        ([["select_one nope", "q", "Q"]], [("survey", 2, "type")]),
        ([["text", "q", "Hello ${nope}"]], [("survey", 2, "label")]),
        ([[None, "q", "Q"]], [("survey", 2, "type")]),
        ([["tyype", "q", "Q"], ["text", "a", "A"], ["text", "a", "B"]], [("survey", 2, "type"), ("survey", 4, "name")]),
        ([["range", "q", "Q"], ["audit", "nope", "A"]], [("survey", 3, "")]),
    ],
)
def test_a_form_that_pyxform_refuses_is_refused_with_every_place(rows: Any, expected: Any) -> None:
    assert _refused({"survey": [HEAD, *rows], "choices": YES_NO}) == expected


def test_a_refusal_in_csv_names_the_line_of_the_file() -> None:
    assert _refused({"choices": YES_NO, "survey": [HEAD, ["text", "q", "Q"], ["tyype", "r", "R"]]}, "csv") == [
        ("survey", 8, "type")
    ]


def test_without_a_sheet_of_questions_there_is_no_form() -> None:
    assert _refused({"questions": [HEAD], "choices": YES_NO}) == [("survey", None, "")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 an old workbook"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_xlsform(data, "xlsx", Wishes(), lambda _: None)
    assert caught.value.wrongs == (
        Wrong("", None, "", "This is no .xlsx file. Save it again from your spreadsheet program as .xlsx."),
    )


def test_bytes_that_are_not_utf8_are_named_with_their_line() -> None:
    with pytest.raises(Refused) as caught:
        read_xlsform(b"survey\n,type,name,label\n,text,q,Caf\xe9\n", "csv", Wishes(), lambda _: None)
    assert [(w.row, w.message) for w in caught.value.wrongs] == [
        (3, "Here is something that is not UTF-8. Save the file as CSV UTF-8.")
    ]
