"""Questionnaires out of other tools' files, and into them. Files are read and written apart from the service."""

from typing import Any

import msgspec

from schemas.errors import Invalid, NotFound, Problem
from schemas.rpc.base import ByIds
from schemas.rpc.surveys import (
    BySlug,
    CreateQuestionnaire,
    Definition,
    ExportedFile,
    ExportQuestionnaire,
    FileNote,
    ImportedQuestionnaire,
    ImportedQuota,
    ImportQuestionnaire,
    Questionnaire,
    ReviseQuestionnaire,
)
from services.chassis.apart import TooMuch, apart
from services.chassis.database import Database
from services.surveys.model.forms.crossing import Found, ToRead, ToWrite, read_apart, write_apart
from services.surveys.operations.questionnaires import (
    create_questionnaire,
    questionnaire_by_slug,
    questionnaires,
    revise_questionnaire,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_decode = msgspec.msgpack.Decoder(Found).decode
TOO_MUCH = "The form takes too long to read, or is too large. Split it, or take out long lists."


def import_questionnaire(database: Database, request: ImportQuestionnaire) -> ImportedQuestionnaire:
    """A draft of the form in the file, with a note on everything that is not as in the file.

    Raises Invalid with the place in the file of each thing that is wrong; nothing is stored then. Raises Invalid too
    for a slug that is taken, unless the draft is to be put in the place of that questionnaire's (`revise`).
    """
    asked = ToRead(request.content, request.kind, request.title, request.language)
    try:
        found = _decode(apart(read_apart, msgspec.msgpack.encode(asked)))
    except TooMuch:
        raise Invalid("the file needs another look", [Problem(("content",), TOO_MUCH)]) from None
    if found.definition is None:
        places = [
            tuple(str(part) for part in (w.sheet, w.row, w.column) if part not in ("", None)) for w in found.wrongs
        ]
        problems = [Problem(p or ("content",), w.message) for p, w in zip(places, found.wrongs, strict=True)]
        raise Invalid("the file needs another look", problems)
    definition = _definition(found.definition, request)
    if request.revise:
        there = questionnaire_by_slug(database, BySlug(request.slug))
        stored = revise_questionnaire(database, ReviseQuestionnaire(there.id, definition))
    else:
        stored = create_questionnaire(database, CreateQuestionnaire(request.slug, definition))
    said = {"consent"} if request.consent is not None else set()
    return ImportedQuestionnaire(
        questionnaire=stored,
        notes=tuple(
            FileNote(n.sheet, n.row, n.column, n.outcome, n.why, n.advice) for n in found.notes if n.sheet not in said
        ),
        quotas=tuple(ImportedQuota(q.name, q.limit, q.members, q.message) for q in found.quotas),
    )


def export_questionnaire(database: Database, request: ExportQuestionnaire) -> ExportedFile:
    """The latest version as an .xlsx file. Raises NotFound, and Invalid for one that is too large to write."""
    found: tuple[Questionnaire, ...] = questionnaires(database, ByIds((request.id,))).items
    if not found:
        raise NotFound("there is no such questionnaire")
    [one] = found
    asked = ToWrite(msgspec.to_builtins(one.definition), one.slug, one.version)
    try:
        content = apart(write_apart, msgspec.msgpack.encode(asked))
    except TooMuch:
        raise Invalid("the questionnaire is too large for one file", [Problem(("id",), TOO_MUCH)]) from None
    return ExportedFile(f"{one.slug}-{one.version}.xlsx", XLSX, content)


def _definition(read: dict[str, Any], request: ImportQuestionnaire) -> Definition:
    said = {
        field: msgspec.to_builtins(value)
        for field in ("consent", "attributes", "area_level")
        if (value := getattr(request, field)) is not None
    }
    # what the file says of them in other languages is about other words
    kept = {
        language: {path: text for path, text in words.items() if path.partition(".")[0] not in said}
        for language, words in read["translations"].items()
    }
    translations = {"translations": {language: words for language, words in kept.items() if words}}
    try:
        return msgspec.convert(read | translations | said, Definition)
    except msgspec.ValidationError as error:
        told = f"A part of the form does not fit a questionnaire: {error}"
        raise Invalid("the file needs another look", [Problem(("content",), told)]) from None
