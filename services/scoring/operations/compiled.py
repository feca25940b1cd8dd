"""Frameworks ready to score with, remembered: neither a live version nor a published questionnaire ever changes."""

from uuid import UUID

from services.chassis.work import UnitOfWork
from services.scoring import model, store

REMEMBERED = 1_000
_compiled: dict[tuple[UUID, UUID, int, int], model.Framework] = {}


class NotHeardOf(LookupError):
    """Surveys' news of a questionnaire version has not come yet; it will, so the work is to be tried again."""


def forget(framework_id: UUID) -> None:
    """Remember nothing of a framework: the change that made a version live did not come to pass."""
    for key in [k for k in _compiled if k[1] == framework_id]:
        del _compiled[key]


def compiled(work: UnitOfWork, framework: store.FrameworkVersion, questionnaire_version: int) -> model.Framework:
    """The framework for responses to this version of its questionnaire. Raises NotHeardOf."""
    key = (work.tenant, framework.framework_id, framework.version, questionnaire_version)
    found = _compiled.get(key)
    if found is None:
        ranges = store.ranges(work.session, framework.questionnaire_id, questionnaire_version)
        if ranges is None:
            raise NotHeardOf(f"version {questionnaire_version} of a questionnaire is not known yet")
        found = model.Framework.parse(framework.definition, ranges)
        if framework.status == "draft":
            return found
        if len(_compiled) >= REMEMBERED:
            _compiled.pop(next(iter(_compiled)))
        _compiled[key] = found
    return found
