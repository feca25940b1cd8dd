"""What XLSForm has no place for: what people agree to, and the groups they say they belong to. Sheets of our own."""

from collections.abc import Mapping
from typing import Any

from services.surveys.model.forms.codes import coded
from services.surveys.model.forms.lines import TRUE, Line, plain_lines
from services.surveys.model.forms.words import Words
from services.surveys.model.forms.workbook import Sheet

UNWRITTEN = "not-written"
"""The version of a consent text that nobody has written yet. It cannot be published."""
NO_CONSENT: Mapping[str, Any] = {
    "version": UNWRITTEN,
    "text": "The council still has to write here what people agree to before they answer.",
    "purposes": {"service_improvement": "Make services better for people like me."},
    "required": ["service_improvement"],
}
_LONGEST_TEXT, _LONGEST_LINE = 5_000, 300


def consent(sheet: Sheet | None, words: Words) -> dict[str, Any] | None:
    """The sheet `consent`: a row each for `version`, `text`, and every `purpose` with its code."""
    if sheet is None:
        return None
    found: dict[str, Any] = {"version": UNWRITTEN, "text": NO_CONSENT["text"], "purposes": {}, "required": []}
    for line in plain_lines(sheet):
        what = line.code("what").lower()
        if what == "version":
            found["version"] = next(iter(line.words("words").values()), UNWRITTEN)[:_LONGEST_LINE]
        elif what == "text":
            found["text"] = words.put(line, ("words",), "consent.text", _LONGEST_TEXT) or found["text"]
        elif what == "purpose" and line.get("code"):
            code = coded(line.code("code"))
            said = words.put(line, ("words",), f"consent.purposes.{code}", _LONGEST_LINE)
            found["purposes"][code] = said or code.replace("_", " ")
            if TRUE.match(line.get("required")):
                found["required"].append(code)
            if TRUE.match(line.get("scored_for")):
                found["scored_for"] = code
    if not found["purposes"]:
        found |= {key: NO_CONSENT[key] for key in ("purposes", "required")}
    return found


def attributes(sheet: Sheet | None, words: Words) -> list[dict[str, Any]]:
    """The sheet `groups`: a row for each category of each group attribute; the attribute's label in its first row."""
    found: dict[str, dict[str, Any]] = {}
    for line in plain_lines(sheet) if sheet is not None else []:
        if not line.get("attribute") or not line.get("category"):
            continue
        code = coded(line.code("attribute"))
        attribute = found.setdefault(code, {"code": code, "label": "", "categories": {}})
        label = words.put(line, ("label",), f"attributes.{code}.label", _LONGEST_LINE)
        attribute["label"] = attribute["label"] or label or ""
        category = line.code("category")
        said = words.put(line, ("category_label",), f"attributes.{code}.categories.{category}", _LONGEST_LINE)
        attribute["categories"][category] = said or category
    for code, attribute in found.items():
        attribute["label"] = attribute["label"] or code.replace("_", " ")
    return list(found.values())


def setting(line: Line | None, *meaning: str) -> str:
    """A value of the settings sheet."""
    return line.get(*meaning) if line is not None else ""
