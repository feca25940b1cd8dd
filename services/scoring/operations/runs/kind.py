"""What a run computes: a kind, found by its name."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from services.chassis.work import UnitOfWork
from services.scoring import store

State = dict[str, Any]
"""What a run knows so far, as JSON. It is read and written with every chunk: its size must not grow with responses."""


class Page(NamedTuple):
    """A chunk: the responses with ids behind `after` and up to `to` (None: from the first, to the last there is)."""

    responses: Sequence[store.Change]
    """In the order of their ids, withdrawn ones (`submitted_at` None) included."""
    after: UUID | None
    to: UUID | None


class Kind(ABC):
    """A computation over all stored responses of a framework version. What it raises leaves the chunk undone.

    A `CivicError` ends the run with its text as the reason. Anything else is tried again a few times first.
    """

    name: ClassVar[str]

    @abstractmethod
    def choose(self, work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
        """The version that a run of this framework is about. Raises NotFound and Conflict."""

    def start(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State:  # noqa: ARG002
        """What is known before the first response. Raises what speaks against the run."""
        return {}

    def passes(self, framework: store.FrameworkVersion) -> int:  # noqa: ARG002
        """How often it goes through all responses."""
        return 1

    @abstractmethod
    def step(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion, page: Page) -> State:
        """Take a chunk; the new state."""

    @abstractmethod
    def finish(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State | None:
        """All responses were seen: put the outcome down. None ends the run; a state begins another pass with it."""

    @abstractmethod
    def abandon(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> None:
        """It failed or was cancelled: undo what its chunks left behind."""


KINDS: dict[str, Kind] = {}


def register(kind: type[Kind]) -> type[Kind]:
    """Class decorator: the kind can be started by its name."""
    KINDS[kind.name] = kind()
    return kind
