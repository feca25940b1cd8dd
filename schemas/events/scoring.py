"""Facts that the scoring service tells."""

from uuid import UUID

from schemas.events.envelope import EventData


class ScoresUpdated(EventData, frozen=True):
    """A person's own scores changed. It carries no score: whoever may see them asks for them."""

    person: UUID
    response_id: UUID
    framework_id: UUID
    framework_version: int


class ReleaseRequested(EventData, frozen=True):
    """The scoring service's note to itself: figures of this framework may be due for release."""

    framework_id: UUID
    framework_version: int
    final: bool = False


class FiguresReleased(EventData, frozen=True):
    """Published figures moved in these areas. Only such areas are named, and no figure is carried."""

    framework_id: UUID
    framework_version: int
    release: int
    areas: tuple[str, ...]


class RunRequested(EventData, frozen=True):
    """The scoring service's note to itself: the next step of a long computation is due. A step is taken once."""

    run_id: UUID
    step: int
