"""Who calls: the roles a token can carry, and the actor as services see it."""

from enum import StrEnum
from uuid import UUID

import msgspec


class Role(StrEnum):
    """What a caller is in their council. `platform` is the host's operator, above all councils;
    `anonymous` is whoever has not signed in."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    GROUP = "group"
    ANALYST = "analyst"
    OFFICER = "officer"
    ADMIN = "admin"
    PLATFORM = "platform"


EVERYONE = frozenset(Role) - {Role.PLATFORM, Role.ANONYMOUS}
PUBLIC = EVERYONE | {Role.ANONYMOUS}
STAFF = frozenset({Role.ANALYST, Role.OFFICER, Role.ADMIN})
OFFICERS = frozenset({Role.OFFICER, Role.ADMIN})
WORKERS = OFFICERS | {Role.GROUP}
"""Who may enter answers for somebody who is with them."""


class Actor(msgspec.Struct, frozen=True):
    """The caller: a pseudonymous person (None for a machine), with roles and the community groups they belong to."""

    person: UUID | None = None
    roles: tuple[Role, ...] = ()
    groups: tuple[str, ...] = ()

    def has(self, allowed: frozenset[Role]) -> bool:
        """Whether any of the caller's roles is among `allowed`."""
        return not allowed.isdisjoint(self.roles)
