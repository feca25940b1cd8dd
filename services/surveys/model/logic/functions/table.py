"""What is known of a function: how many things it takes, and how it is worked out."""

from collections.abc import Callable
from typing import NamedTuple

from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.values import Value

MANY = 1_000


class Function(NamedTuple):
    """Takes `least` to `most` arguments. `work` gets the evaluation that it is part of, and their values."""

    least: int
    most: int
    work: Callable[..., Value]


def quiet(work: Callable[..., Value]) -> Callable[..., Value]:
    """For a function that looks at nothing but its arguments."""

    def with_run(_run: Run, *arguments: Value) -> Value:
        return work(*arguments)

    return with_run


REFUSED = {
    "pulldata": "it reads a file that is not part of the questionnaire: ask the question, or use a choice filter",
    "instance": "it reads a list from outside: use jr:choice-name() or a choice filter",
    "current": "write ${name} for another question, and the bare column's name in a choice filter",
    "random": "its answer could not be checked again later",
    "randomize": "choices stay in their order",
    "uuid": "every response has an id of its own",
    "property": "nothing is known about the device that people answer on",
    "version": "every response carries its version already",
    "digest": "answers are protected in another way",
    "base64-decode": "answers are plain",
    "extract-signed": "answers are not signed",
    "area": "shapes on a map are not asked",
    "distance": "shapes on a map are not asked",
    "geofence": "shapes on a map are not asked",
    "intersects": "shapes on a map are not asked",
    "last": "count() of the repeat's name says how many there are",
    "id": "write ${name} for another question",
    "name": "write ${name} for another question",
    "local-name": "write ${name} for another question",
    "lang": "expressions are the same in every language",
}
"""Functions of XLSForm or XPath that are left out, and why or what to use instead."""
