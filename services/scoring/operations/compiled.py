"""Frameworks ready to score with, remembered: neither a version that counts nor a published questionnaire changes."""

from uuid import UUID

from services.chassis.work import UnitOfWork
from services.scoring import model, store

REMEMBERED = 1_000
_compiled: dict[tuple[UUID, UUID, int, UUID | None, bool, int], model.Framework] = {}
_open_counts: dict[tuple[UUID, UUID, int], bool] = {}


class NotHeardOf(LookupError):
    """Surveys' news of a questionnaire version has not come yet; it will, so the work is to be tried again."""


def open_counts(work: UnitOfWork, questionnaire_id: UUID, version: int) -> bool:
    """Whether answers to this version count as people's though nobody vouches for them. Raises NotHeardOf."""
    key = (work.tenant, questionnaire_id, version)
    found = _open_counts.get(key)
    if found is None:
        questionnaire = work.session.get(store.Questionnaire, key)
        if questionnaire is None:
            raise NotHeardOf(f"version {version} of a questionnaire is not known yet")
        if len(_open_counts) >= REMEMBERED:
            _open_counts.pop(next(iter(_open_counts)))
        found = _open_counts[key] = questionnaire.open_counts
    return found


def compiled(work: UnitOfWork, framework: store.FrameworkVersion, questionnaire_version: int) -> model.Framework:
    """The framework for responses to this version of its questionnaire. Raises NotHeardOf."""
    # a run that was stopped leaves a draft, which may change before the next run takes it under the same number
    state = framework.counted_by, framework.reference is not None
    key = (work.tenant, framework.framework_id, framework.version, *state, questionnaire_version)
    found = _compiled.get(key)
    if found is None:
        ranges = store.ranges(work.session, framework.questionnaire_id, questionnaire_version)
        if ranges is None:
            raise NotHeardOf(f"version {questionnaire_version} of a questionnaire is not known yet")
        found = model.Framework.parse(framework.definition, ranges, framework.reference)
        if framework.status == "draft":
            return found
        if len(_compiled) >= REMEMBERED:
            _compiled.pop(next(iter(_compiled)))
        _compiled[key] = found
    return found
