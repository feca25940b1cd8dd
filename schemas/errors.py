"""The closed set of errors that a service may answer with.

Each carries one plain sentence that is safe to show and to log: it names the field and the remedy, never a person.
"""

from collections.abc import Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with an input. `path` is the field, from the outside in: ``("answers", "trust")``."""

    path: tuple[str, ...]
    message: str


class CivicError(Exception):
    """Base of the errors that cross the bus; `args` are JSON-ready, as nameko's wire format wants them."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.message = message
        self.problems = tuple(problems)
        super().__init__(message, msgspec.to_builtins(self.problems))

    def __str__(self) -> str:
        return self.message


class NotFound(CivicError):
    """The thing does not exist in the caller's council. Said in the same words for an id of another council."""


class Forbidden(CivicError):
    """The caller's role does not allow it."""


class Invalid(CivicError):
    """The input breaks a rule; `problems` says where and how."""


class Conflict(CivicError):
    """The thing is no longer in the state that the caller assumed."""


class Unavailable(CivicError):
    """A part needed for the answer is away; the same call may be sent again."""


ERRORS: dict[str, type[CivicError]] = {e.__name__: e for e in (NotFound, Forbidden, Invalid, Conflict, Unavailable)}
