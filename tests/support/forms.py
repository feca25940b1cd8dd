"""Questionnaires and answers to them, for tests of the model."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.surveys.model import Consent, Fault, Form, Submission, check, compiled, faults_of

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
AGREED = Consent("1", frozenset({"better"}))
WARD = "E05000001"


def choices(*codes: str, **more: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Choices with these codes; `more` says more of some of them."""
    return tuple({"code": c, "label": c.upper(), **more.get(c, {})} for c in codes)


def definition(*sections: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A definition with these sections; each maps an item's code to the item, beside `code`, `relevance`, `repeat`."""
    return {
        "title": "Taking part",
        "sections": tuple(_section(place, raw) for place, raw in enumerate(sections)),
        "consent": {"version": "1", "purposes": {"better": "Better services"}, "required": ("better",)},
        "attributes": ({"code": "age", "label": "Age", "categories": {"young": "Young", "old": "Old"}},),
        "area_level": "ward",
        **changes,
    }


def _section(place: int, raw: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: raw[key] for key in ("relevance", "repeat") if key in raw and "kind" not in raw[key]}
    code = raw.get("section", f"s{place}")
    items = tuple(
        {"code": key, "text": "?", **item} for key, item in raw.items() if key not in own and key != "section"
    )
    return {"code": code, "title": "S", "items": items, **own}


def form(*sections: Mapping[str, Any], **changes: Any) -> Form:
    """The form of a definition, which must be free of faults."""
    defined = definition(*sections, **changes)
    assert faults_of(defined) == []
    return compiled(defined)


def checked(form: Form, answers: Mapping[str, Any], **changes: Any) -> tuple[dict[str, Any], list[Fault]]:
    """What checking these answers finds; one ward is known."""
    given: dict[str, Any] = {"groups": {}, "area": None, "consent": AGREED, "at": AT, **changes}
    return check(form, Submission(answers, **given), lambda code: code == WARD)


def told(form: Form, answers: Mapping[str, Any], **changes: Any) -> dict[tuple[str, ...], str]:
    """What is said of answers that do not count, by their place."""
    return {fault.path[1:]: fault.message for fault in checked(form, answers, **changes)[1]}
