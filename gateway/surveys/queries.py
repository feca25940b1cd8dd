"""Questions to the surveys service."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import After, Connection, First, id_place, page, size, uuid_of
from gateway.surveys.types import Questionnaire, QuestionnaireStatus, Response
from gateway.surveys.types.exporting import ResponseRows
from gateway.surveys.types.files import FILES_TAKE, File
from gateway.surveys.types.ways import Link, LinkKind, Wave
from schemas.errors import NotFound
from schemas.rpc import surveys as rpc
from schemas.rpc.base import PageRequest

QuestionnaireId = Annotated[GlobalID, strawberry.argument(description="The questionnaire.")]


@strawberry.type
class SurveysQuery:
    @strawberry.field(
        description="The council's questionnaires, newest first. Residents see those that were published."
    )
    async def questionnaires(
        self, info: Info, status: QuestionnaireStatus | None = None, first: First = 20, after: After = None
    ) -> Connection[Questionnaire] | None:
        reply = await info.context.call(
            rpc.list_questionnaires,
            rpc.ListQuestionnaires(
                first=size(first), after=id_place(after), status=status.value if status is not None else None
            ),
        )
        return page(reply.items, Questionnaire.of, lambda q: q.id, more=reply.has_next)

    @strawberry.field(description="The questionnaire with this short name, or null.")
    async def questionnaire(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its short name.")]
    ) -> Questionnaire | None:
        try:
            return Questionnaire.of(await info.context.call(rpc.questionnaire_by_slug, rpc.BySlug(slug)))
        except NotFound:
            return None

    @strawberry.field(description="The waves of a questionnaire, newest first.")
    async def waves(
        self, info: Info, questionnaire_id: QuestionnaireId, first: First = 20, after: After = None
    ) -> Connection[Wave] | None:
        request = rpc.ListWaves(
            first=size(first),
            after=id_place(after),
            questionnaire_id=uuid_of(questionnaire_id, "Questionnaire", "questionnaireId"),
        )
        reply = await info.context.call(rpc.list_waves, request)
        return page(reply.items, Wave.of, lambda w: w.id, more=reply.has_next)

    @strawberry.field(description="The links to a questionnaire, newest first. For officers.")
    async def links(
        self,
        info: Info,
        questionnaire_id: QuestionnaireId,
        kind: LinkKind | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Link] | None:
        request = rpc.ListLinks(
            first=size(first),
            after=id_place(after),
            questionnaire_id=uuid_of(questionnaire_id, "Questionnaire", "questionnaireId"),
            kind=kind.value if kind is not None else None,
        )
        reply = await info.context.call(rpc.list_links, request)
        return page(reply.items, Link.of, lambda link: link.id, more=reply.has_next)

    @strawberry.field(description="A questionnaire's latest version as an XLSForm, or null. For officers.")
    async def questionnaire_file(
        self,
        info: Info,
        id: Annotated[GlobalID, strawberry.argument(description="The questionnaire.")],  # noqa: A002
    ) -> File | None:
        request = rpc.ExportQuestionnaire(uuid_of(id, "Questionnaire"))
        try:
            return File.of(await info.context.call(rpc.export_questionnaire, request, FILES_TAKE))
        except NotFound:
            return None

    @strawberry.field(
        description="Responses row by row, of people who agreed to the purpose, without words and places. "
        "Null where there is no such questionnaire. For staff."
    )
    async def response_rows(
        self,
        info: Info,
        questionnaire_id: QuestionnaireId,
        purpose: Annotated[str, strawberry.argument(description="What the answers are to be used for.")],
        first: Annotated[int, strawberry.argument(description="How many: 100 to 1,000.")] = 500,
        after: Annotated[str | None, strawberry.argument(description="Where the page before ended.")] = None,
    ) -> ResponseRows | None:
        request = rpc.ExportResponses(uuid_of(questionnaire_id, "Questionnaire"), purpose, first, id_place(after))
        try:
            found = await info.context.call(rpc.export_responses, request)
        except NotFound:
            return None
        return ResponseRows.of(found, questionnaire_id)

    @strawberry.field(description="The caller's own responses, newest first.")
    async def my_responses(self, info: Info, first: First = 20, after: After = None) -> Connection[Response] | None:
        reply = await info.context.call(rpc.my_responses, PageRequest(first=size(first), after=id_place(after)))
        return page(reply.items, Response.of, lambda r: r.id, more=reply.has_next)
