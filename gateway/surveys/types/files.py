"""Questionnaires in other tools' files, as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from base64 import b64encode
from enum import Enum
from typing import Self

import strawberry

from schemas.rpc import surveys as rpc

FILES_TAKE = 45.0
"""Seconds until reading or writing a file is given up."""


@strawberry.enum(description="What kind of file a form is in: XLSX and CSV are XLSForms, LSS is LimeSurvey.")
class FormKind(Enum):
    XLSX = "xlsx"
    CSV = "csv"
    LSS = "lss"


@strawberry.enum(description="What became of something in a file: it is left out, said otherwise, or still to be done.")
class NoteOutcome(Enum):
    LEFT_OUT = "left_out"
    CHANGED = "changed"
    TO_DO = "to_do"


@strawberry.type(description="Something of a file that the draft does not say in the same way.")
class FileNote:
    sheet: str = strawberry.field(description="The sheet, or the part of the file.")
    row: int | None = strawberry.field(description="The row in it; null for the whole.")
    column: str = strawberry.field(description="The column; empty for the whole row.")
    outcome: NoteOutcome = strawberry.field(description="What became of it.")
    why: str = strawberry.field(description="Why.")
    advice: str = strawberry.field(description="What to do about it.")

    @classmethod
    def of(cls, n: rpc.FileNote) -> Self:
        return cls(
            sheet=n.sheet, row=n.row, column=n.column, outcome=NoteOutcome(n.outcome), why=n.why, advice=n.advice
        )


@strawberry.type(description="One of the answers that count for a quota.")
class QuotaMember:
    item: str = strawberry.field(description="The question's code.")
    answer: str = strawberry.field(description="The choice's code, or the number.")


@strawberry.type(description="A quota that a file asks for. The draft does not hold it.")
class ImportedQuota:
    name: str = strawberry.field(description="What the file calls it.")
    limit: int = strawberry.field(description="How many responses it allows.")
    members: list[QuotaMember] = strawberry.field(description="The answers that make a response count for it.")
    message: str | None = strawberry.field(description="What people are told when it is full.")

    @classmethod
    def of(cls, q: rpc.ImportedQuota) -> Self:
        members = [QuotaMember(item=item, answer=answer) for item, answer in q.members]
        return cls(name=q.name, limit=q.limit, members=members, message=q.message)


@strawberry.type(description="A file.")
class File:
    name: str = strawberry.field(description="What to call it.")
    media_type: str = strawberry.field(description="What kind of file it is.")
    base64: str = strawberry.field(description="Its bytes in base64.")

    @classmethod
    def of(cls, f: rpc.ExportedFile) -> Self:
        return cls(name=f.name, media_type=f.media_type, base64=b64encode(f.content).decode())
