"""Every number that leaves a service is about no person, about the caller alone, or went through disclosure control.

A new number in a reply or an event fails here until somebody has said which of these it is. One about several people is
named with the row of docs/privacy.md that says what keeps it safe.
"""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import schemas.events
import schemas.rpc
from schemas.events import EventData
from schemas.rpc.base import Reply
from services.scoring import store
from services.scoring.model.disclosure import Released

PRIVACY = Path(__file__).parents[2] / "docs" / "privacy.md"
STRUCTURE = frozenset({
    "version", "questionnaire_version", "response_version", "framework_version", "instrument_version", "release",
    "minimum", "maximum", "minimum_items", "step", "weight", "lowest", "table", "row", "last_row", "first",
})  # fmt: skip
"""Names of numbers that are part of a form, a way of counting or a page."""
NOBODYS = "written by an officer, or counted of work: about no person"
OWN = "the caller's own"
NUMBERS: dict[tuple[str, str], str] = {
    ("Figure", "*"): "GraphQL `figures`",
    ("Need", "*"): "GraphQL `needs`",
    ("NeedList", "*"): "GraphQL `needs`",
    ("Shrunk", "*"): "GraphQL `needs`",
    ("ScaleReliability", "*"): "GraphQL `reliability`",
    ("ItemReliability", "*"): "GraphQL `reliability`",
    ("ResponseSubmitted", "values"): "event `response_submitted`",
    ("Questionnaire", "response_count"): "number of responses",
    ("ImportOutcome", "accepted"): "progress of an import or a run",
    ("ImportOutcome", "repeated"): "progress of an import or a run",
    ("ImportProgress", "accepted"): "progress of an import or a run",
    ("ImportProgress", "rejected"): "progress of an import or a run",
    ("Run", "done"): "progress of an import or a run",
    ("Run", "total"): "progress of an import or a run",
    ("PrivateFigure", "*"): "GraphQL `privateReleases`",
    ("PrivateRelease", "*"): NOBODYS,
    ("PrivacyBudget", "*"): NOBODYS,
    ("AreaIndicatorVersion", "*"): NOBODYS,
    ("AreaScore", "*"): "GraphQL `areaScores`",
    ("QuotaState", "*"): "who has answered",
    ("Representation", "*"): "who has answered",
    ("RepresentationLine", "*"): "who has answered",
    ("CellChange", "*"): "GraphQL `cellChange`",
    ("MeasureChange", "*"): OWN,
    ("ExportedResponse", "*"): "responses row by row",
    ("ImportedQuota", "limit"): NOBODYS,
    ("WeightedScore", "*"): "weighted figures",
    ("Weighting", "*"): "weighted figures",
    ("Link", "cap"): NOBODYS,
    ("MeasureScore", "score"): OWN,
    ("SavedAnswers", "answers"): OWN,
    ("SavedAnswers", "save"): OWN,
    ("Inbox", "unread"): OWN,
    ("Response", "answers"): OWN,
}
"""Struct and field, "*" for all of its others → `NOBODYS`, `OWN`, or how a row of docs/privacy.md begins."""


def _leaves(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        return
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        yield from _leaves(argument)


def _numbers() -> Iterator[tuple[str, str]]:
    for package in (schemas.rpc, schemas.events):
        for module in [import_module(m.name) for m in walk_packages(package.__path__, f"{package.__name__}.")]:
            for name, struct in vars(module).items():
                if inspect.isclass(struct) and issubclass(struct, (Reply, EventData)):
                    for field, annotation in get_type_hints(struct).items():
                        if field not in STRUCTURE and {int, float} & set(_leaves(annotation)):
                            yield name, field


@pytest.mark.parametrize(("struct", "field"), sorted(set(_numbers())))
def test_it_is_said_whose_number_it_is(struct: str, field: str) -> None:
    whose = NUMBERS.get((struct, field), NUMBERS.get((struct, "*")))
    assert whose is not None, f"Say in NUMBERS whose number {struct}.{field} is"
    if whose not in (NOBODYS, OWN):
        rows = [line for line in PRIVACY.read_text().splitlines() if line.startswith("| ")]
        assert any(row.startswith(f"| {whose}") for row in rows), f"docs/privacy.md has no way out called {whose}"


def test_nothing_is_listed_that_is_gone() -> None:
    found = set(_numbers())
    assert set(NUMBERS) <= found | {(struct, "*") for struct, _ in found}


def test_figures_are_written_only_as_disclosure_control_made_them() -> None:
    rows = inspect.signature(store.write_figures).parameters["rows"].annotation
    assert get_args(rows) == (Released,)
