"""Checking answers against a questionnaire version, and reading numbers out of them."""

from collections.abc import Callable, Mapping
from sys import float_info
from typing import Any

from services.surveys.model.form import Fault, Form, Item, Submission

LONGEST_TEXT = 2_000


def check(form: Form, given: Submission, area_is_known: Callable[[str], bool]) -> tuple[dict[str, Any], list[Fault]]:
    """The answers that were really given (blank ones left out), and everything wrong with the submission.

    A fault's path is ("answers", item) or ("groups", attribute) or ("area",) or ("consent", …).
    """
    faults = [
        Fault(("answers", code), "This questionnaire has no such question; leave it out.")
        for code in given.answers
        if code not in form.items
    ]
    answers: dict[str, Any] = {}
    for code, item in form.items.items():
        answer = given.answers.get(code)
        if answer in (None, "", []):
            if item.required:
                faults.append(Fault(("answers", code), "Please answer this question."))
            continue
        problem = _READERS[item.kind](item, answer)
        if problem is None:
            answers[code] = answer
        else:
            faults.append(Fault(("answers", code), problem))
    faults += _group_faults(form, given.groups)
    faults += _area_faults(form, given.area, area_is_known)
    faults += _consent_faults(form, given)
    return answers, faults


def values(form: Form, answers: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of the scored items among checked `answers`; a choice without a score ("don't know") gives none."""
    numbers: dict[str, float] = {}
    for code, answer in answers.items():
        item = form.items[code]
        if item.bounds is None:
            continue
        if item.kind != "single_choice":
            numbers[code] = float(answer)
        elif answer in item.scores:
            numbers[code] = item.scores[answer]
    return numbers


def _is_number(answer: Any) -> bool:
    # JSON can say whole numbers that no float holds: neither they nor infinity nor "not a number" answer anything
    return isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= float_info.max


def _scale(item: Item, answer: Any) -> str | None:
    low, high = item.minimum, item.maximum
    if low is None or high is None:
        raise ValueError(f"scale {item.code} has no bounds: it was stored unchecked")
    if not _is_number(answer) or answer != int(answer) or not low <= answer <= high:
        return f"Choose a whole number from {low:g} to {high:g}."
    return None


def _number(item: Item, answer: Any) -> str | None:
    low, high = item.minimum, item.maximum
    if not _is_number(answer):
        return "Give a number."
    if (low is not None and answer < low) or (high is not None and answer > high):
        if low is None:
            return f"Give a number of {high:g} or less."
        return f"Give a number of {low:g} or more." if high is None else f"Give a number from {low:g} to {high:g}."
    return None


def _single_choice(item: Item, answer: Any) -> str | None:
    return None if isinstance(answer, str) and answer in item.choices else "Choose one of the answers offered."


def _multiple_choice(item: Item, answer: Any) -> str | None:
    if not isinstance(answer, list) or not all(isinstance(a, str) and a in item.choices for a in answer):
        return "Choose among the answers offered."
    return None if len(set(answer)) == len(answer) else "Choose each answer once."


def _text(item: Item, answer: Any) -> str | None:
    longest = LONGEST_TEXT if item.maximum is None else int(item.maximum)
    if not isinstance(answer, str) or "\x00" in answer:
        return "Write some text."
    return None if len(answer) <= longest else f"Write at most {longest:,} letters."


_READERS: Mapping[str, Callable[[Item, Any], str | None]] = {
    "scale": _scale,
    "number": _number,
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "text": _text,
}


def _group_faults(form: Form, groups: Mapping[str, str]) -> list[Fault]:
    faults = []
    for code, category in groups.items():
        attribute = form.attributes.get(code)
        if attribute is None:
            faults.append(Fault(("groups", code), "This questionnaire does not ask for this; leave it out."))
        elif category not in attribute.categories:
            faults.append(Fault(("groups", code), f"Choose one of: {', '.join(attribute.categories)}."))
    return faults


def _area_faults(form: Form, area: str | None, area_is_known: Callable[[str], bool]) -> list[Fault]:
    if area is None:
        return []
    if form.area_level is None:
        return [Fault(("area",), "This questionnaire does not ask for an area; leave it out.")]
    if not area_is_known(area):
        return [Fault(("area",), f"Choose one of the council's areas ({form.area_level}), by its code.")]
    return []


def _consent_faults(form: Form, given: Submission) -> list[Fault]:
    faults = []
    if given.consent.version != form.consent.version:
        faults.append(
            Fault(("consent", "version"), "The words to agree to have changed; show the present ones and ask again.")
        )
    faults += [
        Fault(("consent", "purposes", purpose), "This is not one of the purposes; leave it out.")
        for purpose in sorted(given.consent.purposes - form.consent.purposes)
    ]
    faults += [
        Fault(("consent", "purposes", purpose), "We can take answers only if you agree to this.")
        for purpose in sorted(form.required_purposes - given.consent.purposes)
    ]
    return faults
