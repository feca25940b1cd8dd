"""Checking answers against a questionnaire version, and reading numbers out of them."""

from collections.abc import Callable, Mapping
from typing import Any

from services.surveys.model.checking.answers import Reading
from services.surveys.model.form import COMMUNITY_GROUP, PREFER_NOT_TO_SAY, Fault, Form, Submission
from services.surveys.model.sentences import Say, saying


def check(
    form: Form, given: Submission, area_is_known: Callable[[str], bool], *, unfinished: bool = False
) -> tuple[dict[str, Any], list[Fault]]:
    """The answers that count, and everything wrong with the submission.

    Blank answers are left out, and those to questions that are not asked of this person; what is calculated is put in.
    A fault's path is ("answers", item), with the row of a matrix behind it; ("answers", section, number, item) in a
    section that is answered several times, the first time being number 0; ("groups", attribute), ("area",) or
    ("consent", …).

    `unfinished`: they are saved for later. Each must fit its question; what else is asked of them may still come, and
    consent with it.
    """
    reading = Reading(form, given, area_is_known, unfinished=unfinished)
    answers = reading.read()
    say = saying(given.language)
    faults = reading.faults
    faults += _group_faults(form, given.groups, say)
    faults += _area_faults(form, given.area, area_is_known, say)
    if not unfinished:
        faults += _consent_faults(form, given, say)
    return answers, faults


def groups(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    """The groups that people say they belong to: an attribute that is declined counts like one that is left out."""
    return {
        code: category
        for code, category in given.items()
        if category != PREFER_NOT_TO_SAY or category in form.attributes[code].categories
    }


def values(form: Form, answers: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of the scored items among checked `answers`.

    A choice without a score ("don't know") gives none, nor does a declined item, nor a calculation that comes to
    something outside its range.
    """
    numbers: dict[str, float] = {}
    for code, answer in answers.items():
        if code not in form.scored:
            continue
        scores = form.items[code].scores
        points = ((f"{code}.{r}", p) for r, p in answer.items()) if isinstance(answer, dict) else ((code, answer),)
        for name, point in points:
            number = scores.get(point) if scores else point
            if isinstance(number, int | float):
                low, high = form.measures[name]
                if low <= number <= high:
                    numbers[name] = float(number)
    return numbers


def _group_faults(form: Form, given: Mapping[str, str], say: Say) -> list[Fault]:
    faults = []
    for code, category in given.items():
        attribute = form.attributes.get(code)
        if attribute is None or code == COMMUNITY_GROUP:
            faults.append(Fault(("groups", code), say("group_not_asked")))
        elif category not in attribute.categories and category != PREFER_NOT_TO_SAY:
            faults.append(Fault(("groups", code), say("group", categories=", ".join(attribute.categories))))
    return faults


def _area_faults(form: Form, area: str | None, area_is_known: Callable[[str], bool], say: Say) -> list[Fault]:
    if area is None:
        return []
    if form.area_level is None:
        return [Fault(("area",), say("area_not_asked"))]
    if not area_is_known(area):
        return [Fault(("area",), say("area", level=form.area_level))]
    return []


def _consent_faults(form: Form, given: Submission, say: Say) -> list[Fault]:
    faults = []
    if given.consent.version != form.consent.version:
        faults.append(Fault(("consent", "version"), say("consent_version")))
    faults += [
        Fault(("consent", "purposes", purpose), say("consent_no_such_purpose"))
        for purpose in sorted(given.consent.purposes - form.consent.purposes)
    ]
    faults += [
        Fault(("consent", "purposes", purpose), say("consent_needed"))
        for purpose in sorted(form.required_purposes - given.consent.purposes)
    ]
    return faults
