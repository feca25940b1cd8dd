"""Mappings: what they say of a file, and what a row becomes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import DeployError
from deploy.importing.checks import faults_of
from deploy.importing.mapping import Mapping, number, plain, read_mapping
from deploy.importing.reading import Reader
from deploy.importing.rejects import RejectsFile
from deploy.importing.sources import CsvSource, open_source
from schemas.rpc.surveys import Choice, Definition, ImportRow, Item, Reject
from tests.support import questionnaires

IMPORT = UUID("3f2b8a52-58f6-5b13-b1dd-0a3f6a2f6d01")
ROOT = Path(__file__).resolve().parents[2]
CONSENT = {"version": "1", "purposes": ["service_improvement"]}


def mapping(**fields: Any) -> Mapping:
    return msgspec.convert({"consent": CONSENT, "items": {"speak": "q"}, **fields}, Mapping)


def read(meant: Mapping, *cells: Any, definition: Definition | None = None) -> ImportRow | list[Reject]:
    return Reader(meant, definition or questionnaires.definition(), IMPORT).read(1, cells)


def answer(cell: Any, kind: str = "scale", **column: Any) -> Any:
    """What one cell becomes as the answer to an item of this kind; a reason where it is rejected."""
    codes = {"scale": "speak", "single_choice": "vote", "text": "more"}
    result = read(mapping(items={codes[kind]: {"column": "q", **column}}), cell)
    return result.answers[codes[kind]] if isinstance(result, ImportRow) else result[0].reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"), (7.0, "7"), (" 7 ", "7"), ("7.0", "7"), ("0", "0"), ("0.0", "0"), ("+5", "5"), ("-1", "-1"),
        ("007", "007"), (7.5, "7.5"), ("E05002169", "E05002169"), (True, "true"), ("1e3", "1e3"), ("", ""),
    ],
)  # fmt: skip
def test_codes_are_compared_as_they_read(value: Any, text: str) -> None:
    assert plain(value) == text


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_the_same_code_however_it_is_written(value: Any) -> None:
    assert {plain(value), plain(str(value)), plain(f" {value}.0"), plain(float(value))} == {str(value)}


@pytest.mark.parametrize(
    ("value", "found"),
    [("7", 7), ("7.5", 7.5), (7.0, 7), ("", None), ("x", None), ("nan", None), ("inf", None), (True, None)],
)
def test_numbers(value: Any, found: Any) -> None:
    assert number(value) == found


@pytest.mark.parametrize(
    ("cell", "column", "found"),
    [
        ("7", {}, 7),
        (7.0, {}, 7),
        ("", {}, None),
        (None, {}, None),
        (float("nan"), {}, None),
        ("99", {"missing": [99]}, None),
        (99.0, {"missing": ["99"]}, None),
        ("often", {}, "'often' is not a number."),
        ("Often", {"values": {"Often": 10}}, 10),
        ("x\ny" * 30, {}, f"'{('x y' * 30)[:40]}…' is not a number."),
        ("Rare", {"values": {"Often": 10}}, "'Rare' is not among the values of the mapping (answers)."),
    ],
)
def test_a_scale(cell: Any, column: Any, found: Any) -> None:
    assert answer(cell, **column) == found


def test_choices_and_text() -> None:
    assert answer("1", "single_choice", values={"1": "yes"}) == "yes"
    assert answer(1.0, "single_choice", values={"1": "yes"}) == "yes"
    assert answer(" yes ", "single_choice") == "yes"
    assert answer(" Thank you, 07 ", "text") == "Thank you, 07"
    several = Item("m", "multiple_choice", "?", choices=(Choice("a", "A"), Choice("b", "B")))
    form = questionnaires.definition()
    form = msgspec.structs.replace(form, sections=(msgspec.structs.replace(form.sections[0], items=(several,)),))
    for cell, column in (
        ("a;b", {}),
        ("1|2", {"separator": "|", "values": {"1": "a", "2": "b"}}),
        (["a", "b"], {}),
    ):
        row = read(mapping(items={"m": {"column": "q", **column}}), cell, definition=form)
        assert isinstance(row, ImportRow)
        assert row.answers == {"m": ["a", "b"]}


@pytest.mark.parametrize(
    ("cell", "found"),
    [("16", "16-39"), ("39", "16-39"), ("40", "40-64"), (64.0, "40-64"), ("65", "65+"), ("100", "65+"), ("", None)],
)
def test_bands_hold_both_their_ends(cell: Any, found: Any) -> None:
    bands = [
        {"category": "16-39", "from": 16, "to": 39},
        {"category": "40-64", "from": 40, "to": 64},
        {"category": "65+", "from": 65},
    ]
    meant = mapping(items={"speak": "q"}, groups={"age_band": {"column": "age", "bands": bands}})
    row = read(meant, "1", cell)
    assert isinstance(row, ImportRow)
    assert row.groups == ({} if found is None else {"age_band": found})
    assert read(meant, "1", "15") == [Reject(1, "age", "'15' is in none of the bands.")]


def test_a_person_is_the_same_within_an_import_and_nobody_outside_it() -> None:
    meant = mapping(person="id")
    first, second = read(meant, "1", "NHS-4711"), read(meant, "2", " NHS-4711 ")
    elsewhere = Reader(meant, questionnaires.definition(), UUID(int=7)).read(1, ["1", "NHS-4711"])
    assert isinstance(first, ImportRow)
    assert isinstance(second, ImportRow)
    assert isinstance(elsewhere, ImportRow)
    assert first.person == second.person != elsewhere.person
    assert b"4711" not in msgspec.json.encode(first)


@pytest.mark.parametrize(
    ("cell", "column", "moment"),
    [
        ("2026-07-01T10:00:00+02:00", "t", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01 10:00", "t", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("01/12/2026", {"column": "t", "format": "%d/%m/%Y"}, datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 7, 1, 10, tzinfo=UTC), "t", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01", {"column": "t", "time_zone": "UTC"}, datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_times(cell: Any, column: Any, moment: datetime) -> None:
    row = read(mapping(submitted_at=column), "1", cell)
    assert isinstance(row, ImportRow)
    assert row.submitted_at == moment


def test_every_fault_of_a_row_is_named() -> None:
    meant = mapping(submitted_at="t", area={"column": "w", "codes": {"Barnack": "E05002169"}})
    assert read(meant, "x", "Nowhere", "never") == [
        Reject(1, "q", "'x' is not a number."),
        Reject(1, "w", "'Nowhere' is not among the values of the mapping (areas)."),
        Reject(1, "t", "'never' is not a date and time of the expected form."),
    ]


def test_an_area_may_stand_by_its_code_as_well() -> None:
    meant = mapping(area={"column": "w", "codes": {"Barnack": "E05002169"}})
    for cell in ("Barnack", "E05002169"):
        row = read(meant, "1", cell)
        assert isinstance(row, ImportRow)
        assert row.area == "E05002169"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"items": {}}, "the mapping names no items"),
        ({"delimiter": ";;"}, "the delimiter must be one character"),
        ({"submitted_at": {"column": "q", "time_zone": "Mars/North"}}, "there is no time zone 'Mars/North'"),
        ({"items": {"speak": {"column": "q", "values": {"a": "b"}}}}, "item 'speak' takes numbers; 'b' is none"),
        (
            {"groups": {"gender": {"column": "q", "values": {"1": "x"}}}},
            "group 'gender' has no category 'x'",
        ),
        (
            {"groups": {"age_band": {"column": "q", "bands": [
                {"category": "16-39", "from": 16, "to": 40}, {"category": "40-64", "from": 40}]}}},
            "group 'age_band': the bands '16-39' and '40-64' overlap",
        ),
        (
            {"groups": {"age_band": {"column": "q", "bands": [{"category": "65+"}]}}},
            "group 'age_band': the band '65+' runs from nothing to nothing",
        ),
    ],
)  # fmt: skip
def test_what_a_mapping_cannot_mean(fields: dict[str, Any], fault: str) -> None:
    assert fault in faults_of(mapping(**fields), ("q",), questionnaires.definition())


def test_a_column_that_is_there_twice_is_not_guessed_at() -> None:
    assert faults_of(mapping(), ("q", "q"), questionnaires.definition()) == [
        "the file has the column 'q' more than once"
    ]


def test_the_digest_is_of_what_it_says_not_of_how(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"items": {"speak": "q"}, "consent": {"purposes": ["x"], "version": "1"}}')
    (tmp_path / "a.toml").write_text('# the same\n[consent]\nversion = "1"\npurposes = ["x"]\n[items]\nspeak = "q"\n')
    (tmp_path / "b.toml").write_text('[consent]\nversion = "2"\npurposes = ["x"]\n[items]\nspeak = "q"\n')
    one, same, other = (read_mapping(tmp_path / name).digest for name in ("a.json", "a.toml", "b.toml"))
    assert one == same != other


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("m.json", "{", "is not JSON"),
        ("m.toml", "x", "is not TOML"),
        ("m.yaml", "", "neither .json nor .toml"),
        ("m.json", '{"consent": {"version": "1", "purposes": []}, "items": {}, "itmes": {}}', "`itmes`"),
        ("m.json", '{"items": {}}', "`consent`"),
    ],
)
def test_mappings_that_are_none(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DeployError) as raised:
        read_mapping(tmp_path / name)
    assert message in str(raised.value)


def test_the_example_in_the_guide_works(tmp_path: Path) -> None:
    from deploy.demo import questionnaire

    blocks = (ROOT / "docs" / "importing.md").read_text().split("```")
    (tmp_path / "answers.csv").write_text(blocks[3].lstrip("\n"))
    (tmp_path / "mapping.toml").write_text(blocks[5].removeprefix("toml"))
    meant = read_mapping(tmp_path / "mapping.toml")
    source = open_source(tmp_path / "answers.csv")
    form = questionnaire.definition("Peterborough")
    assert faults_of(meant, source.columns, form) == []
    reader = Reader(meant, form, IMPORT)
    first, second = (reader.read(number, cells) for number, cells in source.rows(reader.columns))
    assert isinstance(first, ImportRow)
    assert isinstance(second, ImportRow)
    assert (first.answers, first.area, first.groups) == (
        {"speak_up": 4, "volunteer": 5, "voted": "yes", "lonely": None},
        "E05002169",
        {"age_band": "25-44", "gender": "woman"},
    )
    assert (second.answers["voted"], second.answers["lonely"], second.groups) == ("not_sure", 3, {"gender": "man"})


def test_rows_of_a_csv_file_are_counted_without_heading_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfa;b\r\n1;"x\r\ny"\r\n\r\n2;z\r\n')
    source = CsvSource(path, ";")
    assert (source.columns, source.total) == (("a", "b"), 2)
    assert list(source.rows(("b",))) == [(1, ["x\r\ny"]), (2, ["z"])]
    assert list(source.rows(("b", "a"), after=1)) == [(2, ["z", "2"])]


def test_a_file_of_rejects_cut_in_the_middle_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    rejects = RejectsFile(path)
    rejects.start(0)
    rejects.add([Reject(1, "q", "one, two"), Reject(1, "r", "x"), Reject(5, "q", 'say "no"')])
    path.write_bytes(path.read_bytes() + b"9,q,half a li")
    rejects.start(4)
    assert path.read_text() == 'row,column,reason\n1,q,"one, two"\n1,r,x\n'
    assert rejects.count == 1
