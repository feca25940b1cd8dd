"""XLSForm out: reading what was written gives the questionnaire again, and pyxform takes the file."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.rpc.surveys import Definition
from services.surveys.model.forms import Wishes, read_xlsform, workbook, write_xlsform
from services.surveys.model.forms.paths import paths

KINDS = (
    "scale", "slider", "number", "single_choice", "multiple_choice", "matrix", "ranking", "date", "text", "long_text",
    "place", "consent", "note", "calculation",
)  # fmt: skip
# words as people write them: no markup, no references, no space at either end
WORDS = st.text(
    st.characters(categories=("L", "N", "P", "Sc"), exclude_characters="<>&$*_\\"), min_size=1, max_size=30
).filter(lambda text: text.strip() == text)
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda code: code not in ("other", "prefer_not_to_say") and not code.endswith(("_intro", "_other"))
)
TAGS = ("cy", "pl", "ur")


def _some(draw: Any, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Some of the fields."""
    return {name: draw(value) for name, value in fields.items() if draw(st.booleans())}


@st.composite
def _rules(draw: Any, before: list[str]) -> str:
    number = draw(st.integers(0, 9))
    texts = [f". != {number}", f"(. > {number})", f". >= {number}", "string-length(.) <= 7", "true()"]
    return str(draw(st.sampled_from(texts + [f"${{{code}}} = 'x' and . < {number}" for code in before])))


@st.composite
def _bounds(draw: Any, whole: bool) -> dict[str, float]:
    numbers = st.integers(-20, 60) if whole else st.integers(-200, 600).map(lambda n: n / 10)
    low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
    return {"minimum": float(low), "maximum": float(high)}


@st.composite
def _choices(draw: Any, scored: bool) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": draw(WORDS),
            **(_some(draw, score=st.integers(-3, 9).map(float)) if scored else {}),
            **_some(draw, exclusive=st.just(True)),
        }
        for code in draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    ]


@st.composite
def _labels(draw: Any, low: float, high: float) -> dict[str, str]:
    numbers = draw(st.lists(st.integers(int(low), int(high)), max_size=3, unique=True))
    return {str(n): f"{n} {draw(WORDS)}" for n in sorted(numbers)}


@st.composite
def _item(draw: Any, code: str, before: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    item: dict[str, Any] = {"code": code, "kind": kind, "text": draw(WORDS), **_some(draw, hint=WORDS)}
    item |= _some(draw, relevance=_rules(before))
    if kind != "matrix":
        item |= _some(draw, constraint=_rules(before), constraint_message=WORDS)
    if kind not in ("note", "calculation"):
        item |= draw(st.sampled_from([{}, {"required": True}, {"required_if": "${x} = 1"}]))
    item |= draw(_of_its_kind(kind))
    if kind not in ("note", "calculation", "consent"):
        item |= _some(draw, prefer_not_to_say=st.just(True))
    return item


@st.composite
def _of_its_kind(draw: Any, kind: str) -> dict[str, Any]:
    """The fields that only some kinds have."""
    if kind in ("scale", "slider"):
        bounds = draw(_bounds(whole=True))
        labels = draw(_labels(bounds["minimum"], bounds["maximum"]))
        return {**bounds, "labels": labels} | ({"step": 1.0} if kind == "slider" else {})
    if kind == "matrix":
        return dict(draw(_matrix()))
    kinds: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "number": {"step": st.just(1.0)},
        "text": {"maximum": st.integers(1, 900).map(float)},
        "long_text": {"maximum": st.integers(1, 900).map(float)},
        "date": {"earliest": st.just("2020-02-29"), "latest": st.just("today")},
        "single_choice": {"other": st.just(True)},
        "multiple_choice": {"other": st.just(True), "minimum": st.just(1.0), "maximum": st.just(3.0)},
    }
    found = _some(draw, **kinds.get(kind, {}))
    if kind in ("number", "calculation") and draw(st.booleans()):
        found |= draw(_bounds(whole=False))
    if kind in ("single_choice", "multiple_choice", "ranking"):
        found["choices"] = draw(_choices(scored=kind == "single_choice"))
    return found | ({"calculation": "1 + 1"} if kind == "calculation" else {})


@st.composite
def _matrix(draw: Any) -> dict[str, Any]:
    item = draw(st.one_of(st.builds(lambda c: {"choices": c}, _choices(scored=True)), _bounds(whole=True)))
    codes = draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    item["rows"] = [{"code": code, "label": draw(WORDS)} for code in codes]
    if "minimum" in item:
        item["labels"] = draw(_labels(item["minimum"], item["maximum"]))
    return dict(item)


@st.composite
def definitions(draw: Any) -> Definition:
    """Questionnaires that an XLSForm can say."""
    codes = draw(st.lists(CODES.filter(lambda c: c != "x"), min_size=1, max_size=6, unique=True))
    items: list[dict[str, Any]] = [{"code": "x", "kind": "text", "text": "X"}]
    for code in codes:
        asked = [i["code"] if i["kind"] != "matrix" else f"{i['code']}.{i['rows'][0]['code']}" for i in items]
        items.append(draw(_item(code, asked)))
    cut = draw(st.integers(1, len(items)))
    sections = []
    for number, part in enumerate(p for p in (items[:cut], items[cut:]) if p):
        repeat = draw(st.sampled_from([None, {"minimum": 1, "maximum": 4}, {"count": "${x}"}])) if number else None
        section = {"code": f"section_{number}", "title": draw(WORDS), "items": part, "repeat": repeat}
        sections.append(section | _some(draw, intro=WORDS, relevance=st.just("${x} != ''")))
    definition: dict[str, Any] = {
        "title": draw(WORDS),
        "sections": sections,
        "consent": {
            "version": draw(WORDS),
            "text": draw(WORDS),
            "purposes": {"a": draw(WORDS)},
            "required": ["a"],
            **_some(draw, scored_for=st.just("a")),
        },
        "attributes": [
            {"code": code, "label": draw(WORDS), "categories": {"16-24": draw(WORDS), "25+": draw(WORDS)}}
            for code in draw(st.lists(CODES, max_size=2, unique=True))
        ],
        "language": draw(st.sampled_from(("en", "cy"))),
        **_some(draw, intro=WORDS, area_level=st.just("ward"), release=st.just("on_close")),
    }
    there = [path for path in paths(definition) if _has(definition, path)]
    definition["translations"] = {
        tag: {path: draw(WORDS) for path in draw(st.lists(st.sampled_from(there), min_size=1, max_size=5, unique=True))}
        for tag in draw(st.lists(st.sampled_from(TAGS), max_size=2, unique=True))
        if tag != definition["language"]
    }
    return msgspec.convert(definition, Definition)


def _has(definition: dict[str, Any], path: str) -> bool:
    """Whether there are words to translate: a field that is not there has none."""
    parts = path.split(".")
    if parts[0] in ("title", "consent", "attributes"):
        return True
    if path == "intro":
        return "intro" in definition
    if parts[0] == "sections":
        return any(s["code"] == parts[1] and parts[2] in s for s in definition["sections"])
    items = {item["code"]: item for section in definition["sections"] for item in section["items"]}
    return len(parts) > 3 or parts[2] in items[parts[1]]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(definitions())
def test_reading_what_was_written_gives_the_questionnaire_again(definition: Definition) -> None:
    data = write_xlsform(msgspec.to_builtins(definition), "a-form", 3)
    found = read_xlsform(data, "xlsx", Wishes(), lambda _: None)
    assert msgspec.convert(found.definition, Definition) == definition
    assert found.notes == ()


def test_words_that_look_like_a_formula_stay_words() -> None:
    definition = {
        "title": "=1+1",
        "consent": {"version": "1", "text": "+a", "purposes": {"a": "@a"}, "required": ["a"]},
        "sections": [{"code": "s", "title": "-S", "items": [{"code": "q", "kind": "text", "text": '=HYPERLINK("x")'}]}],
    }
    data = write_xlsform(definition, "a-form", 1)
    found = read_xlsform(data, "xlsx", Wishes(), lambda _: None).definition
    assert found["title"] == "=1+1"
    assert found["sections"][0]["items"][0]["text"] == '=HYPERLINK("x")'
    assert workbook.read(data, "xlsx")["settings"].rows[0][1]["version"] == "1"
