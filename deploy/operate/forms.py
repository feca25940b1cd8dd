"""Having a questionnaire open and its framework live: steps that look first whether they have been done."""

from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import UUID

import msgspec

from deploy.operate.calls import OPERATOR, QUICK, Calls, patiently
from schemas.errors import Invalid, NotFound, Unavailable
from schemas.roles import Actor
from schemas.rpc import Method, scoring, surveys
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.scoring import CreateFramework, Framework, FrameworkDefinition
from schemas.rpc.surveys import BySlug, CreateQuestionnaire, Definition, Questionnaire

Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)


class Desk:
    """An operator at work in one council: asks services, and asks again while one is away."""

    def __init__(self, calls: Calls, tenant: UUID, say: Callable[[str], None] = lambda _: None) -> None:
        self._calls, self.tenant, self._say = calls, tenant, say

    def ask(self, method: Method[Req, Rep], request: Req, actor: Actor = OPERATOR) -> Rep:
        """The answer. `request` must be harmless to repeat. Raises the errors of `schemas.errors`, InternalError."""
        return patiently(lambda: self._calls.call(method, request, self.tenant, actor, QUICK), self._say)

    def open_questionnaire(self, slug: str, definition: Definition) -> Questionnaire:
        """The questionnaire with this slug, made and published unless it was; a closed one stays closed."""
        try:
            found = self.ask(surveys.questionnaire_by_slug, BySlug(slug))
        except NotFound:
            self.ask(surveys.create_questionnaire, CreateQuestionnaire(slug, definition))
            found = self.ask(surveys.questionnaire_by_slug, BySlug(slug))
        if found.status == "draft" and found.version == 1:
            self.ask(surveys.publish_questionnaire, ById(found.id))
            found = self.ask(surveys.questionnaire_by_slug, BySlug(slug))
        return found

    def live_framework(self, slug: str, definition: FrameworkDefinition) -> Framework:
        """The framework with this slug, made and made live unless it was."""
        found = self._framework(slug)
        if found is None:
            found = patiently(lambda: self._create_framework(slug, definition), patience=60)
        if found.status == "draft" and found.version == 1:
            found = self.ask(scoring.activate_framework, ById(found.id))
        return found

    def frameworks(self) -> Iterator[Framework]:
        """All frameworks of the council, newest first."""
        after: UUID | None = None
        while True:
            page = self.ask(scoring.list_frameworks, PageRequest(100, after))
            yield from page.items
            if not page.has_next:
                return
            after = page.items[-1].id

    def _framework(self, slug: str) -> Framework | None:
        return next((f for f in self.frameworks() if f.slug == slug), None)

    def _create_framework(self, slug: str, definition: FrameworkDefinition) -> Framework:
        try:
            return self.ask(scoring.create_framework, CreateFramework(slug, definition))
        except Invalid as error:
            if any(problem.path == ("questionnaire_id",) for problem in error.problems):
                # the news that the questionnaire is published is on its way
                raise Unavailable(error.message) from None
            raise
