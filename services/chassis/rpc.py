"""The call entrypoint: nameko's RPC with typed requests and replies, roles checked, and errors from the closed set.

What nameko alone would get wrong: a reply that cannot be sent kills the container; an error's text, which may quote
what a person wrote, goes into the log and back to the caller.
"""

import traceback
from collections.abc import Callable, Iterator
from functools import wraps
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import structlog
from nameko.rpc import Responder, Rpc, RpcConsumer
from sqlalchemy.exc import DataError

from schemas.errors import CivicError, Forbidden, Invalid, NotFound, Problem, Unavailable
from schemas.roles import Actor
from schemas.rpc import Method
from services.chassis import broker, metrics
from services.chassis.database import collided, lost_connection
from services.chassis.tenancy import acting

log = structlog.get_logger()
Req = TypeVar("Req", bound=msgspec.Struct)
Rep = TypeVar("Rep", bound=msgspec.Struct)

COLLISION_TRIES = 5


class Internal(Exception):
    """Something went wrong inside; the log has it, the caller only hears that much."""


def where(error: BaseException) -> str:
    """The place an error came from, as ``file:line function``: all of it that is safe to write down."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/site-packages/" not in f.filename] or frames
    return f"{ours[-1].filename.rpartition('/')[2]}:{ours[-1].lineno} {ours[-1].name}" if ours else "unknown"


def invalid(error: msgspec.ValidationError) -> Invalid:
    """msgspec's error (``Expected `int`, got `str` - at `$.answers.trust```) as ours. It quotes types, never values."""
    message, _, at = str(error).partition(" - at `$")
    path = at.rstrip("`").replace("[...]", ".*").replace("[", ".").replace("]", "").strip(".")
    return Invalid("the request is malformed", [Problem(tuple(path.split(".")) if path else (), message)])


def _not_text(value: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Where a request has NUL characters, which JSON can say and PostgreSQL cannot store."""
    if isinstance(value, str) and "\0" in value:
        yield Problem(path, "This has a character that is no text; take it out.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_text(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _not_text(inner, (*path, str(index)))


class _UnconfirmedPublisher(Responder.publisher_cls):  # type: ignore[misc]  # nameko has no types
    # a reply that is lost with the broker is missed by its caller within the deadline; a confirm would cost every call
    use_confirms = False


class _Responder(Responder):  # type: ignore[misc]
    publisher_cls = _UnconfirmedPublisher


class _Consumer(RpcConsumer):  # type: ignore[misc]
    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        config = self.container.config
        try:
            responder = _Responder(config["AMQP_URI"], self.queue.exchange, "json", message)
            result, exc_info = responder.send_response(result, exc_info)
        except broker.connection_errors(config["AMQP_URI"], KeyError) as error:
            # the broker went while we worked (it will hand the call out again), or the caller named no reply queue
            log.warning("reply not sent", error=type(error).__name__)
        self.queue_consumer.ack_message(message)
        return result, exc_info


class _Rpc(Rpc):  # type: ignore[misc]
    rpc_consumer = _Consumer()


def _answer(service: Any, method: Method[Req, Rep], function: Callable[[Any, Req], Rep], payload: Any) -> Rep:
    headers = service.headers
    try:
        tenant = UUID(headers["tenant"])
        actor = msgspec.json.decode(headers["actor"], type=Actor)
    except (KeyError, TypeError, ValueError, msgspec.DecodeError):
        raise Forbidden("the call does not say for whom it is made") from None
    if not actor.has(method.roles):
        raise Forbidden("your role does not allow this")
    council = service.councils.find(service.database, tenant)
    if council is None or not council.active:
        raise NotFound("there is no such council")
    try:
        request = msgspec.convert(payload, method.request)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    with acting(tenant, actor, headers.get("traceparent")):
        for attempt in range(1, COLLISION_TRIES + 1):
            try:
                return function(service, request)
            except Exception as error:
                if attempt == COLLISION_TRIES or not collided(error):
                    raise
    raise AssertionError("unreachable")


def rpc(method: Method[Req, Rep]) -> Callable[[Callable[[Any, Req], Rep]], Any]:
    """Decorate a service's method as the answerer of `method`. The method's name must be the contract's.

    Raises to the caller: Forbidden, Invalid, NotFound, Conflict, Unavailable (the database is away); anything else is
    an internal error that tells nothing.
    """

    def decorate(function: Callable[[Any, Req], Rep]) -> Any:
        if function.__name__ != method.name:
            raise TypeError(f"{function.__name__} must be called {method.name}, as its contract says")

        @wraps(function)
        def answer(self: Any, payload: Any) -> Any:
            started, outcome = perf_counter(), "ok"
            try:
                return msgspec.to_builtins(_answer(self, method, function, payload))
            except CivicError as error:
                outcome = type(error).__name__
                raise
            except Exception as error:  # noqa: BLE001  # whatever it is, the caller hears one of the closed set
                outcome = "Internal"
                if lost_connection(error):
                    outcome = "Unavailable"
                    raise Unavailable("the service cannot reach its database; try again in a moment") from None
                # looked for only when the database has refused something: to look at every request would cost them all
                if isinstance(error, DataError) and (problems := list(_not_text(payload))):
                    outcome = "Invalid"
                    raise Invalid("the request has a character that is no text", problems) from None
                log.error("call failed", method=method.name, error=type(error).__name__, where=where(error))
                raise Internal("something went wrong; it has been logged") from None
            finally:
                metrics.rpc_seconds.labels(method.name, outcome).observe(perf_counter() - started)

        return _Rpc.decorator(expected_exceptions=CivicError)(answer)

    return decorate
