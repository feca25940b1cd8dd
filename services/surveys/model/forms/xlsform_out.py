"""A questionnaire as an XLSForm workbook, such that reading it again gives the same questionnaire."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from services.surveys.model.forms.bounds import joined, number_text
from services.surveys.model.forms.languages import named
from services.surveys.model.forms.questions import DECLINED
from services.surveys.model.forms.sections import INTRO

Row = dict[str, str]
_TYPES: Mapping[str, str] = {
    "date": "date",
    "text": "text",
    "long_text": "text",
    "place": "text",
    "consent": "acknowledge",
    "note": "note",
    "calculation": "calculate",
}
_SELECTS: Mapping[str, str] = {
    "single_choice": "select_one",
    "multiple_choice": "select_multiple",
    "ranking": "rank",
    "scale": "select_one",
}
_LOOKS: Mapping[str, str] = {"long_text": "multiline", "scale": "likert"}


def write_xlsform(definition: Mapping[str, Any], slug: str, version: int) -> bytes:
    """The .xlsx file of a definition (JSON of `schemas.rpc.surveys.Definition`)."""
    return _workbook(_Writer(definition).sheets(slug, version))


def _workbook(sheets: Mapping[str, list[Row]]) -> bytes:
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        if not rows:
            continue
        page = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        page.append(columns)
        for row in rows:
            page.append([_cell(page, row.get(column, "")) for column in columns])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(page: Any, text: str) -> Any:
    """A cell of text: what begins like a formula is none, and signs that no sheet can hold are left out."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if not text:
        return None
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    return cell


class _Writer:
    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._definition = definition
        self._main = named(definition.get("language", "en"))
        self._translations = {named(tag): said for tag, said in definition.get("translations", {}).items()}
        self._choices: list[Row] = []

    def sheets(self, slug: str, version: int) -> dict[str, list[Row]]:
        """Rows by sheet."""
        survey = list(self._survey())
        return {
            "survey": survey,
            "choices": self._choices,
            "settings": [self._settings(slug, version)],
            "consent": list(self._consent()),
            "groups": list(self._groups()),
        }

    def _words(self, column: str, path: str, text: str | None) -> Row:
        """The words in every language; the languages' columns are there even where a language has none of them."""
        if text is None:
            return {}
        row = {f"{column}::{self._main}": text}
        return row | {f"{column}::{name}": said.get(path, "") for name, said in self._translations.items()}

    def _settings(self, slug: str, version: int) -> Row:
        definition = self._definition
        row = {
            "form_title": definition["title"],
            "form_id": slug,
            "version": str(version),
            "default_language": self._main,
            "area_level": definition.get("area_level") or "",
            "release": definition.get("release", "live"),
        }
        return row | {
            f"translated_title::{n}": said["title"] for n, said in self._translations.items() if "title" in said
        }

    def _consent(self) -> Iterator[Row]:
        consent = self._definition["consent"]
        yield {"what": "version", "code": "", "required": ""} | self._words("words", "", consent["version"])
        yield {"what": "text"} | self._words("words", "consent.text", consent["text"])
        for code, text in consent["purposes"].items():
            required = "yes" if code in consent["required"] else ""
            words = self._words("words", f"consent.purposes.{code}", text)
            scored = "yes" if code == consent.get("scored_for") else ""
            yield {"what": "purpose", "code": code, "required": required, "scored_for": scored} | words

    def _groups(self) -> Iterator[Row]:
        for attribute in self._definition.get("attributes", ()):
            path = f"attributes.{attribute['code']}"
            for category, text in attribute["categories"].items():
                yield (
                    {"attribute": attribute["code"]}
                    | self._words("label", f"{path}.label", attribute["label"])
                    | {"category": category}
                    | self._words("category_label", f"{path}.categories.{category}", text)
                )

    def _survey(self) -> Iterator[Row]:
        if self._definition.get("intro"):
            yield {"type": "note", "name": INTRO} | self._words("label", "intro", self._definition["intro"])
        for section in self._definition["sections"]:
            yield from self._section(section)

    def _section(self, section: Mapping[str, Any]) -> Iterator[Row]:
        code, repeat = section["code"], section.get("repeat")
        control = "repeat" if repeat is not None else "group"
        yield (
            {"type": f"begin_{control}", "name": code}
            | self._words("label", f"sections.{code}.title", section["title"])
            | {"relevant": section.get("relevance") or ""}
            | (self._repeat(repeat) if repeat is not None else {})
        )
        if section.get("intro"):
            yield {"type": "note", "name": f"{code}_intro"} | self._words(
                "label", f"sections.{code}.intro", section["intro"]
            )
        for item in section["items"]:
            yield from self._matrix(item) if item["kind"] == "matrix" else [self._item(item)]
        yield {"type": f"end_{control}"}

    @staticmethod
    def _repeat(repeat: Mapping[str, Any]) -> Row:
        return {
            "repeat_count": repeat.get("count") or "",
            "repeat_minimum": str(repeat["minimum"]) if repeat.get("minimum") else "",
            "repeat_maximum": str(repeat["maximum"]) if "maximum" in repeat else "",
        }

    def _item(self, item: Mapping[str, Any]) -> Row:
        code, kind = item["code"], item["kind"]
        return (
            {"type": self._type(item), "name": code}
            | self._words("label", f"items.{code}.text", item["text"])
            | self._words("hint", f"items.{code}.hint", item.get("hint"))
            | {
                "required": "yes" if item.get("required") else item.get("required_if") or "",
                "relevant": item.get("relevance") or "",
                "constraint": joined(item),
                "calculation": item.get("calculation") or "",
                "choice_filter": item.get("choice_filter") or "",
                "parameters": self._parameters(item),
                "appearance": _LOOKS.get(kind, ""),
                "kind": "place" if kind == "place" else "",
                DECLINED: "yes" if item.get(DECLINED) else "",
            }
            | self._words("constraint_message", f"items.{code}.constraint_message", item.get("constraint_message"))
        )

    def _type(self, item: Mapping[str, Any]) -> str:
        kind = item["kind"]
        if kind in _SELECTS:
            return f"{_SELECTS[kind]} {self._list(item)}" + (" or_other" if item.get("other") else "")
        if kind == "slider":
            return "range"
        if kind == "number":
            return "integer" if item.get("step") == 1 else "decimal"
        return _TYPES[kind]

    def _parameters(self, item: Mapping[str, Any]) -> str:
        if item["kind"] != "slider":
            return ""
        step = 1 if item.get("step") is None else item["step"]
        said = f"start={number_text(item['minimum'])} end={number_text(item['maximum'])} step={number_text(step)}"
        return said + (f" tick_labelset={self._list(item)}" if item.get("labels") else "")

    def _list(self, item: Mapping[str, Any]) -> str:
        code = item["code"]
        if item["kind"] == "scale" or "choices" not in item or not item["choices"]:
            self._numbers(item)
        for choice in item.get("choices", ()):
            self._choices.append(
                {"list_name": code, "name": choice["code"]}
                | self._words("label", f"items.{code}.choices.{choice['code']}", choice["label"])
                | {
                    "score": "" if choice.get("score") is None else number_text(choice["score"]),
                    "exclusive": "yes" if choice.get("exclusive") else "",
                    **choice.get("filters", {}),
                }
            )
        return str(code)

    def _numbers(self, item: Mapping[str, Any]) -> None:
        """A scale's numbers as choices; those without words of their own are labelled by the number."""
        code, labels = item["code"], item.get("labels", {})
        if item["kind"] == "slider":
            numbers = list(labels)
        else:
            numbers = [str(n) for n in range(int(item["minimum"]), int(item["maximum"]) + 1)]
        for number in numbers:
            path = f"items.{code}.labels.{number}"
            words = self._words("label", path, labels.get(number, number))
            self._choices.append({"list_name": code, "name": number} | words)

    def _matrix(self, item: Mapping[str, Any]) -> Iterator[Row]:
        code, scale = item["code"], not item.get("choices")
        name = self._list(item)
        yield (
            {"type": "begin_group", "name": code}
            | self._words("label", f"items.{code}.text", item["text"])
            | self._words("hint", f"items.{code}.hint", item.get("hint"))
            | {
                "relevant": item.get("relevance") or "",
                "appearance": "table-list likert" if scale else "table-list",
                DECLINED: "yes" if item.get(DECLINED) else "",
            }
        )
        required = "yes" if item.get("required") else item.get("required_if") or ""
        for row in item["rows"]:
            yield (
                {"type": f"select_one {name}", "name": f"{code}.{row['code']}"}
                | self._words("label", f"items.{code}.rows.{row['code']}", row["label"])
                | {"required": required}
            )
        yield {"type": "end_group"}
