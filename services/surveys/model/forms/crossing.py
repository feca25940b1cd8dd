"""Reading and writing of files as functions from bytes to bytes, so that they can be done in a process of their own."""

from typing import Any, Literal

import msgspec

from services.surveys.model.forms.fitting import fit
from services.surveys.model.forms.limesurvey import read_limesurvey
from services.surveys.model.forms.result import Draft, Note, Quota, Refused, Wrong
from services.surveys.model.forms.xlsform import Wishes, read_xlsform
from services.surveys.model.forms.xlsform_out import write_xlsform
from services.surveys.model.logic import LogicError, parse
from services.surveys.model.writing import faults_of


class ToRead(msgspec.Struct, frozen=True):
    """A file, what kind it says it is, and what the sender says beside it."""

    content: bytes
    kind: Literal["xlsx", "csv", "lss"]
    title: str | None = None
    language: str = "en"


class Found(msgspec.Struct, frozen=True):
    """What came of reading: a definition with notes and quotas, or what is wrong."""

    definition: dict[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    quotas: tuple[Quota, ...] = ()
    wrongs: tuple[Wrong, ...] = ()


class ToWrite(msgspec.Struct, frozen=True):
    """A definition, and what it is called."""

    definition: dict[str, Any]
    slug: str
    version: int


def read_apart(given: bytes) -> bytes:
    """`ToRead` to `Found`, both as MessagePack."""
    asked = msgspec.msgpack.decode(given, type=ToRead)
    try:
        draft = fit(_draft(asked), faults_of)
    except Refused as refused:
        return msgspec.msgpack.encode(Found(wrongs=refused.wrongs))
    return msgspec.msgpack.encode(Found(draft.definition, draft.notes, draft.quotas))


def write_apart(given: bytes) -> bytes:
    """`ToWrite` as MessagePack to the bytes of an .xlsx file."""
    asked = msgspec.msgpack.decode(given, type=ToWrite)
    return write_xlsform(asked.definition, asked.slug, asked.version)


def _draft(asked: ToRead) -> Draft:
    wishes = Wishes(asked.title, asked.language)
    if asked.kind == "lss":
        return read_limesurvey(asked.content, wishes, _wrong_with)
    return read_xlsform(asked.content, asked.kind, wishes, _wrong_with)


def _wrong_with(expression: str) -> str | None:
    try:
        parse(expression)
    except LogicError as error:
        return f"{error.message[:1].upper()}{error.message[1:]} (at character {error.column})."
    return None
