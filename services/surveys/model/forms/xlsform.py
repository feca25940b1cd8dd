"""An XLSForm becomes a draft questionnaire: everything it can carry, and a note on everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyxform import aliases
from pyxform.parsing.sheet_headers import process_header

from services.surveys.model.forms import languages, own_sheets
from services.surveys.model.forms.choices import Lists
from services.surveys.model.forms.codes import Codes
from services.surveys.model.forms.judging import judge
from services.surveys.model.forms.lines import Line, choice_lines, plain_lines, survey_lines
from services.surveys.model.forms.lines import languages as languages_of
from services.surveys.model.forms.matrices import Matrices
from services.surveys.model.forms.outline import outline
from services.surveys.model.forms.paths import said_of
from services.surveys.model.forms.questions import Questions
from services.surveys.model.forms.result import Draft, Notebook
from services.surveys.model.forms.rules import Check, Rules
from services.surveys.model.forms.sections import FIRST, Sections
from services.surveys.model.forms.words import Words
from services.surveys.model.forms.workbook import Format, Sheet, read

ORDER = ("settings", "consent", "groups", "survey", "choices", "external_choices", "entities", "osm")
_KNOWN_SETTINGS = {
    "title", "id_string", "version", "default_language", "style", "instance_name", "allow_choice_duplicates", "name",
    "area_level", "release", "intro", "clean_text_values", "translated_title",
}  # fmt: skip
_TITLE_ROWS = ("form_title", "set_form_title")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the sender says beside the file: the title it is to have, and the language of words that name none."""

    title: str | None = None
    language: str = "en"


def read_xlsform(data: bytes, kind: Format, wishes: Wishes, check: Check) -> Draft:
    """The draft of an .xlsx or .csv form; `check` says what is wrong with an expression in our language.

    Raises Refused where pyxform does not take the form, or where it is too large.
    """
    sheets = read(data, kind)
    judge(sheets)
    return draft(sheets, wishes, check)


def draft(sheets: Mapping[str, Sheet], wishes: Wishes, check: Check) -> Draft:
    """The draft of a form that pyxform has accepted."""
    notes = Notebook()
    survey = survey_lines(sheets["survey"])
    settings = _settings(sheets.get("settings"))
    words = _words(survey, settings, wishes, notes)
    rules = Rules(notes)
    lists = Lists(choice_lines(sheets["choices"]) if "choices" in sheets else (), words, notes)
    external = Lists(choice_lines(sheets["external_choices"]) if "external_choices" in sheets else (), words, notes)
    codes = Codes(line.code("name") for line in survey)
    questions = Questions(lists, external, words, rules, codes, notes)
    nodes = outline([line for line in survey if line.code("type") not in aliases.settings_header], lists.by_name, notes)
    title = _title(survey, settings, words, wishes)
    layout = Sections(title, questions, Matrices(questions, lists, words, rules, notes), words, rules, notes)
    sections = layout.lay_out(nodes)
    gone = {id(item) for item in rules.settle(check)}
    for section in sections:
        section["items"] = [item for item in section["items"] if id(item) not in gone]
    consent = own_sheets.consent(sheets.get("consent"), words)
    if consent is None or consent["version"] == own_sheets.UNWRITTEN:
        why = "The file does not say what people agree to before they answer."
        notes.to_do("consent", None, "", why, "Write the consent text in the draft; it cannot be published before.")
    lists.unused_columns(questions.columns_used)
    _leave_out(survey, settings, sheets, notes)
    definition: dict[str, Any] = {
        "title": title,
        "sections": [section for section in sections if section["items"]],
        "consent": consent or dict(own_sheets.NO_CONSENT),
        "attributes": own_sheets.attributes(sheets.get("groups"), words),
        "language": words.language,
    }
    if not definition["sections"]:
        definition["sections"] = nothing_yet(title, notes)
    definition |= _optional(layout.intro, settings)
    definition["translations"] = said_of(definition, words.translations)
    _languages(words, notes)
    return Draft(definition, notes.sorted(ORDER), places=questions.places)


def nothing_yet(title: str, notes: Notebook) -> list[dict[str, Any]]:
    """What stands in a draft of a form of which nothing can be asked."""
    notes.to_do("survey", None, "", "Nothing in this form can be asked here.", "Add a question to the draft.")
    note = {"code": "nothing_yet", "kind": "note", "text": "There is no question here yet."}
    return [{"code": FIRST, "title": title, "items": [note]}]


def _settings(sheet: Sheet | None) -> Line | None:
    if sheet is None or not sheet.rows:
        return None
    # pyxform reads the first row only
    line = plain_lines(Sheet(sheet.name, sheet.headings, sheet.rows[:1]))[0]
    known = aliases.settings_header
    cells = {
        process_header(".".join(m), False, known, set())[1] if len(m) == 1 else m: t for m, t in line.cells.items()
    }
    headings = {process_header(m[0], False, known, set())[1] if len(m) == 1 else m: h for m, h in line.headings.items()}
    return Line(
        line.sheet, line.row, {_snake(m): t for m, t in cells.items()}, {_snake(m): h for m, h in headings.items()}
    )


def _snake(meaning: tuple[str, ...]) -> tuple[str, ...]:
    return ("_".join(meaning[0].lower().split()), *meaning[1:])


def _words(survey: list[Line], settings: Line | None, wishes: Wishes, notes: Notebook) -> Words:
    names = [*languages_of(survey, "label"), *languages_of(survey, "hint")]
    main = own_sheets.setting(settings, "default_language")
    named = {name.strip(): name for name in names if name}
    if main and main not in named and "" not in names:
        # it names none of the languages that are there
        main = ""
    unnamed = languages.tag(main) if main else wishes.language
    return Words(list(dict.fromkeys(names)), main or None, unnamed, notes)


def _title(survey: list[Line], settings: Line | None, words: Words, wishes: Wishes) -> str:
    in_rows = next((line.get("name") for line in survey if line.code("type") in _TITLE_ROWS), "")
    if settings is not None:
        for (what, *language), text in list(settings.cells.items()):
            if what == "translated_title" and language:
                words.translations[languages.tag(language[0])]["title"] = text[:300]
    given = (
        wishes.title or own_sheets.setting(settings, "title") or in_rows or own_sheets.setting(settings, "id_string")
    )
    return (given or "Untitled questionnaire")[:300]


def _optional(intro: str | None, settings: Line | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if intro:
        found["intro"] = intro
    if own_sheets.setting(settings, "area_level"):
        found["area_level"] = own_sheets.setting(settings, "area_level")
    if own_sheets.setting(settings, "release") == "on_close":
        found["release"] = "on_close"
    return found


def _leave_out(survey: list[Line], settings: Line | None, sheets: Mapping[str, Sheet], notes: Notebook) -> None:
    for meaning in settings.cells if settings is not None else ():
        if settings is not None and meaning[0] not in _KNOWN_SETTINGS:
            why = "This setting means something to other programs only."
            notes.left_out("settings", settings.row, settings.heading(*meaning), why, "Nothing.")
    for name, why in (("entities", "Answers are not kept as things of their own."), ("osm", "Maps are not drawn on.")):
        for row, _ in sheets[name].rows if name in sheets else ():
            notes.left_out(name, row, "", why, "Nothing.")
    known = {"type", "name", "label", "hint", "bind", "control", "media", "choice_filter", "parameters", "default",
             "trigger", "guidance_hint", "disabled", "kind", "prefer_not_to_say", "repeat_minimum", "repeat_maximum",
             "image", "instance", "autoplay", "intent"}  # fmt: skip
    for meaning in survey[0].headings if survey else ():
        if meaning[0] and meaning[0] not in known:
            notes.left_out("survey", 1, survey[0].heading(*meaning), "XLSForm has no such column.", "Nothing.")


def _languages(words: Words, notes: Notebook) -> None:
    for name, tag in words.tags.items():
        if name and languages.known(name) is None:
            why = f'"{name[:60]}" is no language that we know; it is "{tag}" here.'
            advice = f"Write its code behind it, as in label::{name[:30]} (xx)."
            notes.changed("survey", 1, f"label::{name}", why, advice)
