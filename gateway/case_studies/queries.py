"""Questions to the case studies service."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from typing import Annotated

import strawberry

from gateway.auth import Unauthenticated
from gateway.case_studies.types import CaseStudy, CaseStudyScope
from gateway.context import Info
from gateway.pages import After, Connection, First, id_place, page, size
from schemas.rpc import case_studies as rpc


@strawberry.type
class CaseStudiesQuery:
    @strawberry.field(description="Published stories, newest first; or one's own, or, for officers, those in review.")
    async def case_studies(
        self,
        info: Info,
        scope: Annotated[CaseStudyScope, strawberry.argument(description="Whose stories.")] = CaseStudyScope.PUBLISHED,
        area: Annotated[str | None, strawberry.argument(description="Only of this area, by its GSS code.")] = None,
        theme: Annotated[str | None, strawberry.argument(description="Only on this theme.")] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[CaseStudy] | None:
        if scope is not CaseStudyScope.PUBLISHED and (await info.context.caller()).anonymous:
            raise Unauthenticated("sign in to see stories that are not published")
        reply = await info.context.call(
            rpc.list_case_studies,
            rpc.ListCaseStudies(first=size(first), after=id_place(after), scope=scope.value, area=area, theme=theme),
        )
        return page(reply.items, CaseStudy.of, lambda c: c.id, more=reply.has_next)
