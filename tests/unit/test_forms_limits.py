"""Files that are too large are refused before they cost anything, and say so."""

import zipfile
from io import BytesIO
from time import monotonic

import pytest

from services.surveys.model.forms import Refused, Wishes, read_xlsform, workbook
from tests.support.xlsforms import as_csv, xlsx

HEAD = ["type", "name", "label"]


def _message(data: bytes, kind: workbook.Format = "xlsx") -> tuple[str, int | None, str]:
    with pytest.raises(Refused) as caught:
        read_xlsform(data, kind, Wishes(), lambda _: None)
    [wrong] = caught.value.wrongs
    return wrong.sheet, wrong.row, wrong.message


def test_a_file_that_unpacks_to_more_than_there_is_room_for_is_not_unpacked() -> None:
    good = xlsx({"survey": [HEAD, ["text", "q", "Q"]]})
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in source.infolist():
            bomb.writestr(part.filename, source.read(part))
        bomb.writestr("xl/media/image1.png", b"\0" * (workbook.MOST_UNPACKED + 1))
    data = file.getvalue()
    assert len(data) < 200_000
    began = monotonic()
    assert _message(data)[2].startswith("Unpacked, the file is larger than 64 MiB.")
    assert monotonic() - began < 5


def test_a_file_that_is_too_large_is_not_opened() -> None:
    assert _message(b"\0" * (workbook.MOST_BYTES + 1))[2].startswith("The file is larger than 8 MiB.")


def test_a_sheet_of_too_many_rows_says_where_it_becomes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    data = as_csv({"survey": [HEAD, *[["text", f"q{n}", "Q"] for n in range(6)]]})
    sheet, row, message = _message(data, "csv")
    assert (sheet, row) == ("survey", 8)
    assert message.startswith("The sheet has more than 5 rows.")


def test_a_cell_that_is_too_long_is_named() -> None:
    sheet, row, message = _message(xlsx({"survey": [HEAD, ["text", "q", "x" * 20_001]]}))
    assert (sheet, row, message) == ("survey", 2, "This cell has more than 20,000 letters. Shorten it.")


def test_choices_used_over_and_over_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.surveys.model.forms.choices.MOST_CHOICES", 5)
    form = {
        "survey": [HEAD, *[["select_one l", f"q{n}", "Q"] for n in range(3)]],
        "choices": [["list_name", "name", "label"], ["l", "a", "A"], ["l", "b", "B"]],
    }
    sheet, row, message = _message(xlsx(form))
    assert (sheet, row) == ("choices", 3)
    assert message.startswith("The questions have more than 5 choices between them.")


def test_a_million_empty_formatted_rows_are_not_read() -> None:
    data = as_csv({"survey": [HEAD, ["text", "q", "Q"]]}) + b",,,\n" * 1_000_000
    began = monotonic()
    found = read_xlsform(data, "csv", Wishes(), lambda _: None)
    assert len(found.definition["sections"][0]["items"]) == 1
    assert monotonic() - began < 20


def test_entities_in_the_parts_of_a_workbook_are_not_followed() -> None:
    good = xlsx({"survey": [HEAD, ["text", "q", "Q"]]})
    file = BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(BytesIO(good)) as source, zipfile.ZipFile(file, "w") as changed:
        for part in source.infolist():
            text = source.read(part).decode()
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace("<worksheet", f"{laughs}<worksheet", 1).replace(">q<", ">&b;<")
            changed.writestr(part.filename, text)
    assert _message(file.getvalue())[2].startswith("This .xlsx file is broken.")
