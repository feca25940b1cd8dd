"""Errors as clients see them: members of a mutation's union, or GraphQL errors with a code. Nothing else gets out."""

from typing import Any, cast

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.extensions import MaskErrors

from gateway.auth import Unauthenticated
from gateway.tenancy import TenantSuspended, TenantUnknown
from schemas.errors import CivicError, Conflict, Forbidden, Invalid, NotFound, Unavailable

log = structlog.get_logger()
BAD_INPUT = "BAD_USER_INPUT"
INTERNAL = "something went wrong on our side; it has been noted"

CODES: dict[type[Exception], str] = {
    NotFound: "NOT_FOUND",
    Forbidden: "FORBIDDEN",
    Invalid: "INVALID",
    Conflict: "CONFLICT",
    Unavailable: "UNAVAILABLE",
    Unauthenticated: "UNAUTHENTICATED",
    TenantUnknown: "TENANT_UNKNOWN",
    TenantSuspended: "TENANT_SUSPENDED",
}


@strawberry.interface(description="What every error of a mutation says.")
class MutationError:
    message: str = strawberry.field(description="What is wrong and what to do about it, in plain words.")


@strawberry.type(description="One thing wrong with what was sent.")
class InputProblem:
    path: list[str] = strawberry.field(description="The field, from the outside in.")
    message: str = strawberry.field(description="What is wrong with it.")


@strawberry.type(description="The thing does not exist in this council.")
class NotFoundError(MutationError):
    pass


@strawberry.type(description="The caller may not do this.")
class ForbiddenError(MutationError):
    pass


@strawberry.type(description="What was sent breaks a rule.")
class InvalidError(MutationError):
    problems: list[InputProblem] = strawberry.field(description="Every field that has to change, and why.")


@strawberry.type(description="The thing has changed in the meantime, and no longer allows this.")
class ConflictError(MutationError):
    pass


@strawberry.type(description="A part of the system is away. Sending the same again later is safe.")
class UnavailableError(MutationError):
    pass


_MEMBERS: dict[type[CivicError], type[MutationError]] = {
    NotFound: NotFoundError,
    Forbidden: ForbiddenError,
    Conflict: ConflictError,
    Unavailable: UnavailableError,
}
Problems = NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError
"""The members that every mutation's union has beside its payload."""


def member(error: CivicError) -> MutationError:
    """The union member that says what `error` says."""
    if isinstance(error, Invalid):
        problems = [InputProblem(path=[_camel(p) for p in q.path], message=q.message) for q in error.problems]
        return InvalidError(message=error.message, problems=problems)
    return _MEMBERS[type(error)](message=error.message)


def _camel(name: str) -> str:
    # a path may name fields of the request or codes of the council's own; codes keep their underscores
    return _FIELDS.get(name, name)


_FIELDS = {
    name: "".join([first, *(w.capitalize() for w in rest)])
    for name in (
        "idempotency_key",
        "questionnaire_id",
        "area_level",
        "minimum_items",
        "response_id",
        "consent_to_list",
        "ends_at",
        "form_number",
        "scored_for",
    )
    for first, *rest in [name.split("_")]
}


def coded(error: Exception) -> GraphQLError | None:
    """A known error as a GraphQL error with its code; None for one that nobody should see."""
    if isinstance(error, StrawberryInputCoercionError):
        return GraphQLError(error.message, extensions={"code": BAD_INPUT})
    code = CODES.get(type(error))
    if code is None:
        return None
    extensions: dict[str, Any] = {"code": code}
    if isinstance(error, Invalid):
        extensions["problems"] = [
            {"path": [_camel(step) for step in problem.path], "message": problem.message} for problem in error.problems
        ]
    return GraphQLError(str(error), extensions=extensions)


class Errors(MaskErrors):
    """Gives known errors their code and hides the others."""

    def __init__(self) -> None:
        super().__init__(lambda error: error.original_error is not None, INTERNAL)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as it may leave the house, at the same place in the answer."""
        original = error.original_error
        known = coded(original) if original is not None else None
        if known is None and _is_about_variables(error):
            known = GraphQLError(error.message, extensions={"code": BAD_INPUT})
        return GraphQLError(
            known.message if known else INTERNAL,
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions=known.extensions if known else {"code": "INTERNAL"},
        )


def note(errors: list[GraphQLError]) -> None:
    """Log errors by kind and place; their words may quote what somebody wrote."""
    for error in errors:
        original = error.original_error
        if original is None or _is_about_variables(error):
            log.debug("request refused", kind="GraphQL")
        elif coded(original) is not None:
            log.info("field refused", kind=type(original).__name__, field=_field(error))
        else:
            log.error("field failed", kind=type(original).__name__, field=_field(error), at=_where(original))


def _is_about_variables(error: GraphQLError) -> bool:
    """Whether the variables did not fit: graphql-core says so before it comes to any field."""
    return error.path is None and isinstance(error.original_error, GraphQLError)


def _field(error: GraphQLError) -> str | None:
    return cast("str | None", error.path[0]) if error.path else None


def _where(error: BaseException) -> str | None:
    trace, last = error.__traceback__, None
    while trace is not None:
        last, trace = trace, trace.tb_next
    return f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last else None
