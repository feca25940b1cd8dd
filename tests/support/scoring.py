"""The scoring service's use cases and the events it takes, as one council's."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from schemas.events import BY_DATA, Envelope, EventData, envelop
from schemas.events.scoring import ReleaseRequested
from schemas.events.surveys import QuestionnairePublished, ResponseSubmitted, ResponseWithdrawn, ScoredItem
from schemas.ids import new_id, now
from schemas.roles import Actor
from schemas.rpc.base import ById, Message
from schemas.rpc.scoring import CreateFramework, FigureList, FiguresRequest, Framework
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring import operations
from tests.support.questionnaires import framework

WARD = "E05002169"


class Scoring:
    """Operations and events of one council."""

    def __init__(self, database: Database, council: UUID, officer: Actor) -> None:
        self.database, self.council, self.officer = database, council, officer
        self.questionnaire_id = new_id()

    def call(self, name: str, request: Message, actor: Actor | None = None) -> Any:
        with acting(self.council, actor or self.officer):
            return getattr(operations, name)(self.database, request)

    def event(self, data: EventData) -> Envelope:
        return envelop(BY_DATA[type(data)].name, "x", self.council, data)

    def take(self, *data: EventData) -> list[Envelope]:
        events = [self.event(d) for d in data]
        self.take_events(events)
        return events

    def take_events(self, events: Sequence[Envelope]) -> None:
        with acting(self.council):
            operations.take_responses(self.database, events)

    def release(self, framework_id: UUID, final: bool = False, version: int = 1) -> None:
        with acting(self.council):
            operations.release(
                self.database,
                [self.event(ReleaseRequested(framework_id=framework_id, framework_version=version, final=final))],
            )

    def published(self, release: Literal["live", "on_close"] = "live") -> QuestionnairePublished:
        return QuestionnairePublished(
            questionnaire_id=self.questionnaire_id,
            slug="taking-part",
            version=1,
            items=(ScoredItem("speak", 0, 10), ScoredItem("alone", 1, 5), ScoredItem("vote", 0, 1)),
            attributes={"gender": ("female", "male")},
            release=release,
        )

    def submitted(
        self,
        values: dict[str, float],
        response_id: UUID | None = None,
        version: int = 1,
        area: str = WARD,
        person: UUID | None = None,
        groups: dict[str, str] | None = None,
        wave: str = "",
        vouched: bool = True,
    ) -> ResponseSubmitted:
        return ResponseSubmitted(
            response_id=response_id or new_id(),
            response_version=version,
            questionnaire_id=self.questionnaire_id,
            questionnaire_version=1,
            submitted_at=now(),
            area=area,
            person=person,
            groups=groups or {},
            values=values,
            wave=wave,
            mode="signed_in" if vouched else "open",
            vouched=vouched,
        )

    def withdrawn(self, response_id: UUID) -> ResponseWithdrawn:
        return ResponseWithdrawn(
            response_id=response_id, response_version=2, questionnaire_id=self.questionnaire_id, person=None
        )

    def live_framework(self, slug: str = "capacity") -> UUID:
        created: Framework = self.call("create_framework", CreateFramework(slug, framework(self.questionnaire_id)))
        self.call("activate_framework", ById(created.id))
        return created.id

    def figures(self, framework_id: UUID, **asked: Any) -> dict[tuple[str | None, str | None, str], Any]:
        """Area, category and measure → people and score, or None where it is hidden."""
        found: FigureList = self.call("figures", FiguresRequest(framework_id, **asked))
        return {(f.area, f.category, f.measure): (f.n, f.score) if not f.suppressed else None for f in found.items}
