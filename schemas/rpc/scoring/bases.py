"""Frameworks that are derived from others: what they are based on, how they differ from it, and from each other."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.rpc.base import Message, Reply, Slug

Path = Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=12)]


class VersionRef(Message, frozen=True):
    """A version of a framework; the newest unless it is given."""

    framework_id: UUID
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None


class LibraryRef(Message, frozen=True):
    """The framework of an instrument in the library; its newest version unless it is given."""

    instrument: Slug
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Override(Message, frozen=True):
    """One thing that is otherwise than in the base.

    `path` leads there by names and codes: ("domains", "skills", "weight"). `value` is JSON; for a code that the base
    does not have it is the whole thing, and null takes the thing out. ("domains", "order") takes the codes in order.
    """

    path: Path
    value: Annotated[str, msgspec.Meta(max_length=50_000)]


class Base(Reply, frozen=True):
    """What a framework is derived from: a version of another framework of the council's, or of an instrument's."""

    framework_id: UUID | None
    instrument: str | None
    version: int


class DeriveFramework(Message, frozen=True):
    """Start a framework as a draft that is like its base, except for the overrides. One of the bases is given.

    `questionnaire_id` is needed with an instrument; with a framework it takes the place of the base's.
    """

    slug: Slug
    framework: VersionRef | None = None
    instrument: LibraryRef | None = None
    questionnaire_id: UUID | None = None
    overrides: Annotated[tuple[Override, ...], msgspec.Meta(max_length=500)] = ()


class FollowBase(Message, frozen=True):
    """Take over what is new in a later version of the base (the newest unless it is given), and keep the overrides."""

    id: UUID
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None


class DiffFrameworks(Message, frozen=True):
    """How `after` differs from `before`; from its base where `before` is None."""

    after: VersionRef
    before: VersionRef | None = None


class FrameworkChange(Reply, frozen=True):
    """One difference. `before` and `after` are JSON: what was added has no before, what was removed no after."""

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    before: str | None
    after: str | None
    words: str


class FrameworkDiff(Reply, frozen=True):
    """All differences, in the order of the definition."""

    changes: tuple[FrameworkChange, ...]
