"""Questionnaires out of other tools' files."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Annotated

import strawberry

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.surveys.inputs import AttributeInput, ConsentTextInput
from gateway.surveys.types import Questionnaire
from gateway.surveys.types.files import FILES_TAKE, FileNote, FormKind, ImportedQuota
from schemas.errors import Invalid, Problem
from schemas.rpc import surveys as rpc


@strawberry.input(description="A form in a file. What is given beside the file goes before what the file says.")
class ImportQuestionnaireInput:
    slug: str = strawberry.field(description="The questionnaire's short name: small letters, digits, - and _.")
    kind: FormKind = strawberry.field(description="What kind of file it is.")
    base64: str = strawberry.field(description="The file's bytes in base64.")
    title: str | None = strawberry.field(default=None, description="What people see first; else what the file says.")
    language: str = strawberry.field(default="en", description="The language of words for which the file names none.")
    consent: ConsentTextInput | None = strawberry.field(
        default=None, description="What people agree to. Without one, the draft cannot be published until it has one."
    )
    attributes: list[AttributeInput] | None = strawberry.field(
        default=None, description="Groups that people say they belong to."
    )
    area_level: str | None = strawberry.field(default=None, description="The level of areas to choose from.")
    revise: bool = strawberry.field(
        default=False, description="Put it in the place of the draft of the questionnaire that has this short name."
    )

    def struct(self) -> rpc.ImportQuestionnaire:
        """For the call. Raises Invalid for what is no base64, or too large."""
        if len(self.base64) > rpc.LARGEST_FILE * 4 // 3 + 4:
            told = f"The file may have {rpc.LARGEST_FILE // 1024 // 1024} MiB at the most; send a smaller one."
            raise Invalid("the file is too large", [Problem(("base64",), told)])
        try:
            content = b64decode(self.base64, validate=True)
        except (binascii.Error, ValueError):
            told = "Send the file's bytes in base64."
            raise Invalid("the file cannot be read", [Problem(("base64",), told)]) from None
        return rpc.ImportQuestionnaire(
            slug=self.slug,
            kind=self.kind.value,
            content=content,
            title=self.title,
            language=self.language,
            consent=self.consent.struct() if self.consent is not None else None,
            attributes=tuple(a.struct() for a in self.attributes) if self.attributes is not None else None,
            area_level=self.area_level,
            revise=self.revise,
        )


@strawberry.type(description="The draft is there.")
class ImportQuestionnairePayload:
    questionnaire: Questionnaire = strawberry.field(description="The draft.")
    notes: list[FileNote] = strawberry.field(description="All that the draft does not say as the file does.")
    quotas: list[ImportedQuota] = strawberry.field(description="The quotas that the file asks for.")


ImportQuestionnaireResult = Annotated[
    ImportQuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ImportQuestionnaireResult", description="The draft, or why not: each place in the file."),
]


@strawberry.type
class QuestionnaireFilesMutation:
    @strawberry.mutation(description="Make a draft of a form in a file. Nothing is kept of a file that does not do.")
    async def import_questionnaire(self, info: Info, input: ImportQuestionnaireInput) -> ImportQuestionnaireResult:  # noqa: A002
        found = await info.context.call(rpc.import_questionnaire, input.struct(), FILES_TAKE)
        return ImportQuestionnairePayload(
            questionnaire=Questionnaire.of(found.questionnaire),
            notes=[FileNote.of(note) for note in found.notes],
            quotas=[ImportedQuota.of(quota) for quota in found.quotas],
        )
