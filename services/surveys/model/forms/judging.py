"""pyxform has the word on whether a file is an XLSForm; where it says no, we say where, why and what to do."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT
from pyxform.xls2xform import convert

from services.surveys.model.forms.lines import Line, choice_lines, survey_lines
from services.surveys.model.forms.result import Refused, Wrong
from services.surveys.model.forms.workbook import FORM_SHEETS, Sheet

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet,?\s*")
_COLUMN = re.compile(r"'([\w: -]+)' (?:value|column|header)")
_ELEMENT = re.compile(r"named '([^']+)'")
_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}\s]+)\s*\}")
_NAME = re.compile(r"[^\W\d][\w.\-]*(:[^\W\d][\w.\-]*)?")
_OTHER_TYPES = ("audit", "background-audio", "form_title", "form_id", "set_form_title", "set_form_id", "prefix")


def judge(sheets: Mapping[str, Sheet]) -> None:
    """Raises Refused where pyxform would not take the form, with everything wrong that we can name ourselves."""
    if "survey" not in sheets:
        raise Refused([Wrong("survey", None, "", 'There is no sheet named "survey". Give the sheet of questions it.')])
    try:
        convert(_workbook(sheets), validate=False)
    except PyXFormError as error:
        raise Refused(list(_named(sheets)) or [_translated(error, sheets)]) from None
    except RecursionError:
        message = "The groups of this form are nested too deep. Take some of them out."
        raise Refused([Wrong("survey", None, "type", message)]) from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, AssertionError):
        # pyxform stumbles over some broken forms instead of refusing them
        message = "This is not put together as an XLSForm. Try it in a form tool such as ODK to see what is missing."
        raise Refused(list(_named(sheets)) or [Wrong("survey", None, "", message)]) from None


def _workbook(sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    workbook: dict[str, Any] = {"sheet_names": [name for name in sheets if name in FORM_SHEETS]}
    for name in workbook["sheet_names"]:
        sheet = sheets[name]
        workbook[name] = [dict(cells) for _, cells in sheet.rows]
        workbook[f"{name}_header"] = [dict.fromkeys(sheet.headings)] if sheet.headings else []
    return workbook


def _translated(error: PyXFormError, sheets: Mapping[str, Sheet]) -> Wrong:
    context, text = error.context, str(error)
    sheet, column, number = _SHEET.search(text), _COLUMN.search(text), _ROW.search(text)
    name = str(context.get("sheet") or (sheet[1] if sheet else "survey"))
    rows = sheets[name].rows if name in sheets else ()
    # pyxform was given the filled rows only, and counts them from 2
    counted = str(context.get("row") or (number[1] if number else ""))
    row = rows[int(counted) - 2][0] if counted.isdigit() and 2 <= int(counted) < len(rows) + 2 else None
    if row is None and (element := _ELEMENT.search(text)):
        row = next((r for r, cells in rows if element[1] in cells.values()), None)
    said = _SHEET.sub("", _ROW.sub("", text)).split("\n", maxsplit=1)[0].strip()
    message = f"{said[:1].upper()}{said[1:]} Mend this, and send the file again."
    return Wrong(name, row, str(context.get("column") or (column[1] if column else "")), message)


def _named(sheets: Mapping[str, Sheet]) -> Iterator[Wrong]:
    survey = survey_lines(sheets["survey"])
    choices = choice_lines(sheets["choices"]) if "choices" in sheets else []
    if ("type",) not in {m for line in survey[:1] for m in line.headings}:
        yield Wrong("survey", 1, "type", 'There is no column named "type". Add it, and say in it what each row is.')
        return
    lists = {line.get("list name") for line in choices}
    for line in choices:
        if line.get("list name") and not line.get("name"):
            yield Wrong("choices", line.row, line.heading("name"), "This choice has no name. Give it one.")
    active = [line for line in survey if not re.match("yes|true", line.get("disabled"), re.IGNORECASE)]
    for find in (_typing, _naming, _nesting):
        yield from find(active)
    yield from _selecting(active, lists, "choices" in sheets)
    yield from _referring(active)


def _typing(lines: list[Line]) -> Iterator[Wrong]:
    for line in lines:
        kind = line.code("type")
        if not kind:
            if line.get("name") or line.words("label"):
                message = "This row does not say what it is. Write a type, such as text or select_one."
                yield Wrong("survey", line.row, line.heading("type"), message)
        elif not (
            kind in QUESTION_TYPE_DICT
            or kind in _OTHER_TYPES
            or any(pattern.search(kind) for pattern in (RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT))
            or kind.startswith("osm")
        ):
            message = f'There is no type "{kind[:60]}" in XLSForm. Look for a slip of the pen.'
            yield Wrong("survey", line.row, line.heading("type"), message)


def _naming(lines: list[Line]) -> Iterator[Wrong]:
    scopes: list[dict[str, int]] = [{}]
    for line in lines:
        kind, name = line.code("type"), line.code("name")
        if not kind:
            continue
        if RE_END_CONTROL.search(kind):
            if len(scopes) > 1:
                scopes.pop()
            continue
        if name and not _NAME.fullmatch(name):
            message = f'"{name[:60]}" can be no name. Begin with a letter, and use letters, digits and _ only.'
            yield Wrong("survey", line.row, line.heading("name"), message)
        elif name and name in scopes[-1]:
            message = f'Row {scopes[-1][name]} has the name "{name}" too. Give one of them another.'
            yield Wrong("survey", line.row, line.heading("name"), message)
        elif not name and kind not in ("note", "audit"):
            yield Wrong("survey", line.row, line.heading("name"), "This row has no name. Give it one.")
        scopes[-1].setdefault(name, line.row)
        if RE_BEGIN_CONTROL.search(kind):
            scopes.append({})


def _nesting(lines: list[Line]) -> Iterator[Wrong]:
    begun: list[tuple[Line, str]] = []
    for line in lines:
        kind = line.code("type")
        if begin := RE_BEGIN_CONTROL.search(kind):
            begun.append((line, begin["type"]))
        elif end := RE_END_CONTROL.search(kind):
            if not begun:
                message = f'Nothing was begun that this "{kind}" could end. Take the row out.'
                yield Wrong("survey", line.row, line.heading("type"), message)
            elif begun[-1][1].split()[-1] != end["type"].split()[-1]:
                first = begun.pop()[0]
                message = f'This ends what row {first.row} begins as "{first.code("type")}". Make the two fit.'
                yield Wrong("survey", line.row, line.heading("type"), message)
            else:
                begun.pop()
    for line, kind in begun:
        message = f'This is begun and never ended. Add a row of type "end {kind}" after its last question.'
        yield Wrong("survey", line.row, line.heading("type"), message)


def _selecting(lines: list[Line], lists: set[str], there: bool) -> Iterator[Wrong]:
    for line in lines:
        found = RE_SELECT.search(line.code("type"))
        if not found or "external" in found["select_command"] or "file" in found["select_command"]:
            continue
        name = found["list_name"]
        if name in lists or "${" in name or name.endswith((".csv", ".xml", ".geojson")):
            continue
        where = "the choices sheet has no list of that name" if there else "there is no sheet named choices"
        message = f'This asks for the list "{name[:60]}", and {where}. Add the list, or mend the name.'
        yield Wrong("survey", line.row, line.heading("type"), message)


def _referring(lines: list[Line]) -> Iterator[Wrong]:
    names = {line.code("name") for line in lines} | {"instanceID"}
    for line in lines:
        for meaning, text in line.cells.items():
            for name in dict.fromkeys(_REFERENCE.findall(text)):
                if name not in names:
                    message = f'There is no row with the name "{name[:60]}". Mend the name, or add the row.'
                    yield Wrong("survey", line.row, line.heading(*meaning), message)
