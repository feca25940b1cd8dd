"""Frameworks made from instruments of the library, and instruments that may not be used before they are licensed."""

from schemas import instruments
from schemas.errors import Invalid, Problem
from schemas.rpc.scoring import CreateFramework, FrameworkDefinition
from services.chassis.work import UnitOfWork
from services.scoring import store


def wanted(request: CreateFramework) -> FrameworkDefinition:
    """What the framework shall hold. Raises Invalid unless there is either a definition or an instrument."""
    if request.definition is not None and request.instrument is None:
        return request.definition
    if request.instrument is None or request.definition is not None:
        raise Invalid(
            "there is nothing to make it of, or too much",
            [Problem(("definition",), "Give a definition, or an instrument of the library, and not both.")],
        )
    use = request.instrument
    instrument = instruments.find(use.code, use.version, "instrument")
    return instruments.framework(instrument, use.questionnaire_id, use.mapping)


def refuse_unlicensed(work: UnitOfWork, framework: store.FrameworkVersion) -> None:
    """Raises Invalid where a scale's instrument needs a licence that the questionnaire was not published with.

    Surveys publishes a questionnaire that names such an instrument only with the council's licence on record, and says
    which instruments it names: so there is one record, and nothing to keep equal.
    """
    named = {s["code"]: s.get("instrument") for s in framework.definition.get("scales", ())}
    needed = {code: name for code, name in named.items() if name and instruments.find(name).registration}
    if not needed:
        return
    known = store.questionnaires(work.session, framework.questionnaire_id)
    published = set(known[-1].instruments) if known else set()
    problems = [
        Problem(
            ("scales", code),
            f'Record the council\'s licence with recordLicence, name "{name}" among the instruments of the '
            "questionnaire, and publish that.",
        )
        for code, name in needed.items()
        if name not in published
    ]
    if problems:
        raise Invalid("an instrument needs a licence that is not on record", problems)
