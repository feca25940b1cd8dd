"""A draft that breaks a rule of questionnaires loses what breaks it, and says so: every form becomes a draft."""

from collections.abc import Callable, Mapping
from typing import Any

from services.surveys.model.form import Fault
from services.surveys.model.forms.paths import said_of
from services.surveys.model.forms.result import Draft, Note, Place

Faults = Callable[[Mapping[str, Any]], list[Fault]]
MOST_ROUNDS = 50
_NEEDED = ("kind", "choices", "rows", "calculation", "text", "code")
"""Without these an item is none: the whole item goes."""


def fit(draft: Draft, faults_of: Faults) -> Draft:
    """The draft without what has a fault; looked at again, since a rule may have spoken of what was left out."""
    notes = list(draft.notes)
    for _ in range(MOST_ROUNDS):
        faults = faults_of(draft.definition)
        mended = [_mend(draft, fault, notes) for fault in faults]
        if not any(mended):
            break
    return Draft(draft.definition, tuple(notes), draft.quotas, draft.places)


def _mend(draft: Draft, fault: Fault, notes: list[Note]) -> bool:
    """Take out what the fault is about; whether anything was there to take out."""
    path = fault.path
    sections = draft.definition["sections"]
    section = next((s for s in sections if path[:1] == ("sections",) and path[1:2] == (s["code"],)), None)
    code = (
        path[3] if len(path) > 3 and path[2] == "items" else path[1] if path[0] == "items" and len(path) > 1 else None
    )
    if code is not None:
        return _mend_item(draft, code, path[4:] if section is not None else (), fault.message, notes)
    if section is None or len(path) < 3:
        return _mend_all(draft, path)
    if path[2] == "repeat" and path[3:4] != ("count",):
        section["repeat"] = {key: value for key, value in section["repeat"].items() if key == "count"}
    elif path[2] == "repeat":
        section["repeat"].pop("count", None)
    else:
        section.pop(path[2], None)
    _note(draft, section["code"], path[-1], fault.message, notes)
    return True


def _mend_item(draft: Draft, code: str, field: tuple[str, ...], message: str, notes: list[Note]) -> bool:
    for section in draft.definition["sections"]:
        for item in section["items"]:
            if item["code"] != code:
                continue
            if field and field[0] not in _NEEDED and field[0] in item:
                del item[field[0]]
            elif not field and item["kind"] != "calculation" and any(item.pop(rule, None) for rule in _RULES):
                pass
            else:
                section["items"].remove(item)
            _note(draft, code, field[0] if field else "", message, notes)
            _forget(draft)
            return True
    return False


_RULES = ("relevance", "required_if", "constraint", "choice_filter")


def _mend_all(draft: Draft, path: tuple[str, ...]) -> bool:
    """Where nothing is left that could be asked, a note stands in."""
    if path != ("sections",):
        return False
    note = {"code": "nothing_yet", "kind": "note", "text": "There is no question here yet."}
    draft.definition["sections"] = [{"code": "questions", "title": draft.definition["title"], "items": [note]}]
    _forget(draft)
    return True


def _note(draft: Draft, code: str, column: str, message: str, notes: list[Note]) -> None:
    place = draft.places.get(code, Place("survey", None))
    notes.append(Note(place.sheet, place.row, column, "left_out", message, "Add it to the draft by hand."))


def _forget(draft: Draft) -> None:
    """Translations of what is no longer there go too."""
    draft.definition["translations"] = said_of(draft.definition, draft.definition["translations"])
