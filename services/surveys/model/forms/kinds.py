"""What becomes of each type of row of an XLSForm."""

from collections.abc import Mapping
from typing import NamedTuple

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT


class Lost(NamedTuple):
    """Why a type of row cannot be carried, and what to do."""

    why: str
    advice: str


_FILES = Lost("People cannot send pictures, sound, films or files.", "Ask for words, or leave it out.")
_PLACES = Lost("Exact places are not collected: they could tell who somebody is.", "Ask for a postcode or area.")
_DEVICE = Lost("Nothing is collected about people's devices or accounts.", "Leave it out.")
_CLOCK = Lost("When an answer was begun and ended is not collected; when it was sent is.", "Leave it out.")
_DATA = Lost("Files that lie beside the form are not brought in.", "Put the choices into the choices sheet.")
_SCANS = Lost("Codes cannot be scanned.", "Ask for the number as a text.")

LOST: Mapping[str, Lost] = {
    **dict.fromkeys(("photo", "image", "audio", "video", "file", "background-audio"), _FILES),
    **dict.fromkeys(
        ("geopoint", "geotrace", "geoshape", "gps", "location", "osm", "start-geopoint", "background-geopoint"), _PLACES
    ),
    "barcode": _SCANS,
    **dict.fromkeys(("xml-external", "csv-external"), _DATA),
    "audit": _DEVICE,
    **dict.fromkeys(("start", "end", "start time", "end time"), _CLOCK),
}
KINDS: Mapping[str, str] = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "percentage": "number",
    "text": "text",
    "string": "text",
    "date": "date",
    "note": "note",
    "acknowledge": "consent",
    "trigger": "consent",
    "calculate": "calculation",
    "hidden": "calculation",
    "range": "slider",
    "time": "text",
    "dateTime": "date",
    "datetime": "date",
}
_LONG_NAMES = ("add ", "get ", "q ", "uri:")
DAYS = {"month": 31, "six months": 183, "year": 366}
TODAY = "today"


def known_as(kind: str) -> str:
    """The short name of a type: `add text prompt` and `q string` are `text`."""
    for prefix in _LONG_NAMES:
        if kind.startswith(prefix):
            kind = kind.removeprefix(prefix).removesuffix(" prompt")
    return {"date time": "dateTime", "picture": "photo"}.get(kind, kind)


def lost(kind: str) -> Lost | None:
    """Why this type cannot be carried, or None where it can, or where we do not know it."""
    short = known_as(kind)
    if short in LOST:
        return LOST[short]
    if kind.startswith("osm "):
        return _PLACES
    bind = QUESTION_TYPE_DICT.get(kind, {}).get("bind", {})
    if short != TODAY and "jr:preload" in bind:
        return _CLOCK if bind["jr:preload"] == "timestamp" else _DEVICE
    mediatype = QUESTION_TYPE_DICT.get(kind, {}).get("control", {}).get("mediatype")
    return _FILES if mediatype else None
