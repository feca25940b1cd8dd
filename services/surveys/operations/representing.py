"""Who has answered, beside who lives there."""

from collections.abc import Sequence

from schemas.errors import Invalid, NotFound, Problem
from schemas.rpc.surveys import AskRepresentation, Representation, RepresentationLine
from services.chassis.councils import area_codes, minimum_count
from services.chassis.database import Database
from services.chassis.margins import AREA, margins
from services.chassis.work import UnitOfWork
from services.surveys import store
from services.surveys.model import representation as rules
from services.surveys.operations.counting import release_if_due


def representation(database: Database, request: AskRepresentation) -> Representation:
    """The groups of a questionnaire's responses beside the council's margins.

    Raises NotFound, and Invalid where the questionnaire does not ask for an attribute or for areas.
    """
    with database.unit_of_work() as work:
        found = store.questionnaires(work.session, [request.questionnaire_id], open_to_all=False)
        if not found:
            raise NotFound("there is no such questionnaire")
        asked = rules.Asked.of(found[0][1].definition)
        attributes = _attributes(request, asked)
        release_if_due(work, request.questionnaire_id)
        counts = _counts(work, request, attributes)
        version, people = _people(work, attributes, request.by_area, asked.level)
        total, lines = rules.lines(counts, people, minimum_count(work))
    return Representation(
        questionnaire_id=request.questionnaire_id,
        attribute=request.attribute,
        by_area=request.by_area,
        wave=request.wave,
        responses=total,
        lines=tuple(_line(line) for line in lines),
        dissimilarity=rules.dissimilarity(lines),
        margins_version=version,
    )


def _attributes(request: AskRepresentation, asked: rules.Asked) -> list[str]:
    attributes = request.attribute.split(rules.JOINT) if request.attribute else []
    if not set(attributes) <= set(asked.attributes) or len(set(attributes)) < len(attributes):
        raise Invalid(
            "no such attribute", [Problem(("attribute",), "Choose attributes that the questionnaire asks for.")]
        )
    if request.by_area and asked.level is None:
        raise Invalid("no areas", [Problem(("by_area",), "The questionnaire asks for no area.")])
    if not attributes and not request.by_area:
        raise Invalid("nothing to compare", [Problem(("attribute",), "Choose an attribute, or areas, or both.")])
    return attributes


def _counts(work: UnitOfWork, request: AskRepresentation, attributes: Sequence[str]) -> dict[rules.Cell, int]:
    """Those who said where they live and what they are; whoever kept some of it back belongs to no group here."""
    found = store.released(work.session, request.questionnaire_id, request.wave, attributes, request.by_area)
    return {
        rules.Cell(area, rules.JOINT.join(categories)): n  # type: ignore[arg-type]  # none of them is None
        for area, categories, n in found
        if None not in categories and (area or not request.by_area) and n
    }


def _people(
    work: UnitOfWork, attributes: Sequence[str], by_area: bool, level: str | None
) -> tuple[int | None, dict[rules.Cell, float]]:
    """The version of the margins that say who lives there, and what they say."""
    known = margins(work)
    if known is None:
        return None, {}
    # a file may tell people of wards and of towns: only the areas that people choose from here, so that nobody is twice
    areas = area_codes(work, level)
    rows = [(row.categories, row.people) for row in known.rows if not row.area or row.area in areas]
    found = rules.people_of(rows, [*([AREA] if by_area else []), *attributes])
    people = {
        rules.Cell(cell[0] if by_area else "", rules.JOINT.join(cell[by_area:])): count for cell, count in found.items()
    }
    return (known.version if people else None), people


def _line(line: rules.Line) -> RepresentationLine:
    return RepresentationLine(
        area=line.cell.area or None,
        category=line.cell.category or None,
        responses=line.responses,
        share=line.share,
        population=line.population,
        population_share=line.population_share,
        difference=line.difference,
    )
