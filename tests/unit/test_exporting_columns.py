"""Responses as flat columns."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyreadstat
import pytest

from deploy.errors import DeployError
from deploy.exporting.columns import columns, values
from deploy.exporting.spss import names
from deploy.exporting.writers import writing
from schemas.rpc.surveys import (
    Attribute,
    Choice,
    ConsentText,
    Definition,
    ExportedResponse,
    Item,
    Repeat,
    Row,
    Section,
)

CHOICES = (Choice("a", "A"), Choice("b", "B"))
DEFINITION = Definition(
    "T",
    (
        Section(
            "s",
            "S",
            (
                Item("n", "number", "How many?"),
                Item("c", "single_choice", "Which?", choices=CHOICES),
                Item("m", "multiple_choice", "What?", choices=CHOICES, other=True),
                Item("r", "ranking", "Order", choices=CHOICES),
                Item("t", "matrix", "Table", minimum=1, maximum=5, rows=(Row("x", "X"), Row("y", "Y"))),
                Item("w", "text", "Words"),
                Item("ok", "consent", "May we?"),
            ),
        ),
        Section("kids", "Children", (Item("age", "number", "Age"),), repeat=Repeat()),
    ),
    ConsentText("1", "May we?", {"a": "A"}, ("a",)),
    attributes=(Attribute("sex", "Sex", {"f": "F", "m": "M"}),),
)
ANSWERS = {
    "n": 2.5, "c": "b", "m": ["b", "other"], "r": ["b", "a"], "t": {"x": 4, "y": "prefer_not_to_say"}, "ok": True,
    "kids": [{"age": 4}],
}  # fmt: skip
FULL = ExportedResponse("1", 1, "open", "", "2026-11-25", "E1", {"sex": "f"}, ANSWERS)  # type: ignore[arg-type]
EMPTY = ExportedResponse(
    "2", 1, "open", "", "2026-11-25", None, {}, {"n": "prefer_not_to_say", "c": "prefer_not_to_say"}
)


def test_every_answer_has_a_column_and_words_have_none() -> None:
    asked = columns(DEFINITION)
    found = [column.name for column in asked]
    assert found == [
        "row", "version", "mode", "wave", "submitted_on", "area", "group.sex", "n", "c", "m.a", "m.b", "m.other",
        "r.a", "r.b", "t.x", "t.y", "ok", "kids",
    ]  # fmt: skip
    assert dict(zip(found, values(asked, FULL), strict=True)) == {
        "row": "1", "version": 1, "mode": "open", "wave": "", "submitted_on": "2026-11-25", "area": "E1",
        "group.sex": "f", "n": 2.5, "c": "b", "m.a": 0, "m.b": 1, "m.other": 1, "r.a": 2, "r.b": 1, "t.x": 4,
        "t.y": None, "ok": "true", "kids": '[{"age": 4}]',
    }  # fmt: skip
    assert values(asked, EMPTY)[6:9] == [None, None, "prefer_not_to_say"]


def test_files_hold_the_rows_and_the_words(tmp_path: Path) -> None:
    asked = columns(DEFINITION)
    for name in ("a.csv", "a.parquet"):
        with writing(tmp_path / name, asked) as writer:
            writer.write([values(asked, FULL)])
            writer.write([values(asked, EMPTY)])
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("1,1,open,,2026-11-25,E1,f,2.5,b,0,1,1,2,1,4,")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column("n").to_pylist() == [2.5, None]
    assert table.column("c").to_pylist() == ["b", "prefer_not_to_say"]
    assert table.schema.field("m.a").metadata == {b"label": b"What?: A"}


def test_an_spss_file_has_words_for_columns_and_values(tmp_path: Path) -> None:
    asked = columns(DEFINITION)
    with writing(tmp_path / "a.sav", asked) as writer:
        writer.write([values(asked, FULL)])
        writer.write([values(asked, EMPTY)])
    frame, told = pyreadstat.read_sav(tmp_path / "a.sav")
    assert told.column_names[:9] == [
        "row", "version", "mode", "wave", "submitted_on", "area", "group.sex", "n", "c",
    ]  # fmt: skip
    assert told.column_names_to_labels["m.a"] == "What?: A"
    labels: dict[str, Any] = dict(told.variable_value_labels)
    assert labels["group.sex"] == {"f": "F", "m": "M"}
    assert labels["c"] == {"a": "A", "b": "B"}
    assert labels["m.a"] == {0.0: "No", 1.0: "Yes"}
    assert frame["n"].tolist()[0] == 2.5
    assert frame["n"].isna().tolist() == [False, True]
    assert frame["c"].tolist() == ["b", "prefer_not_to_say"]
    assert frame["kids"].tolist() == ['[{"age": 4}]', ""]


def test_names_are_made_for_spss_and_stay_apart() -> None:
    assert names(["a-b", "a_b", "A_B", "all", "1st", "x" * 70, "q."]) == [
        "a_b", "a_b_2", "A_B_3", "all_", "q1st", "x" * 60, "q",
    ]  # fmt: skip


def test_what_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writing(tmp_path / "a.csv", columns(DEFINITION)):
        raise KeyError
    with pytest.raises(KeyError), writing(tmp_path / "a.sav", columns(DEFINITION)):
        raise KeyError
    with pytest.raises(DeployError), writing(tmp_path / "a.xls", columns(DEFINITION)):
        pass
    assert list(tmp_path.iterdir()) == []
