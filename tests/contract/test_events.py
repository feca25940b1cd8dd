"""The events stay what they were promised to be."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas import generate
from schemas.events import EVENT_TYPES, Envelope, EventType
from tests.support.breaking import breaks

SCHEMAS = Path(generate.__file__).parent
BASELINE = SCHEMAS / "baseline" / "events"
by_name = pytest.mark.parametrize("event", EVENT_TYPES, ids=lambda e: e.name)
FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def test_generated_files_are_what_the_code_gives() -> None:
    assert generate.stale() == []


@by_name
def test_the_example_is_such_an_event(event: EventType) -> None:
    text = (SCHEMAS / "events" / "examples" / f"{event.name}.json").read_bytes()
    schema = read(SCHEMAS / "events" / "json" / f"{event.name}.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema, format_checker=FORMATS).validate(json.loads(text))
    envelope = msgspec.json.decode(text, type=Envelope)
    assert envelope.type == event.name
    data = msgspec.convert(envelope.data, event.data)
    assert json.loads(msgspec.json.encode(data)) == envelope.data


@by_name
def test_what_the_code_sends_is_such_an_event(event: EventType) -> None:
    """An envelope that is decoded from the example and sent again still fits its schema."""
    text = (SCHEMAS / "events" / "examples" / f"{event.name}.json").read_bytes()
    again = msgspec.json.encode(msgspec.json.decode(text, type=Envelope))
    jsonschema.Draft202012Validator(generate.event_schema(event), format_checker=FORMATS).validate(json.loads(again))


def test_every_example_is_of_an_event_that_there_is() -> None:
    examples = {path.stem for path in (SCHEMAS / "events" / "examples").glob("*.json")}
    assert examples == {e.name for e in EVENT_TYPES}


def test_no_promised_event_is_broken() -> None:
    found = {
        path.stem: breaks(read(path), generate.event_schema(event)) if event else ["gone"]
        for path in sorted(BASELINE.glob("*.json"))
        for event in [next((e for e in EVENT_TYPES if e.name == path.stem), None)]
    }
    assert found
    assert {name: what for name, what in found.items() if what} == {}


def test_every_event_is_promised() -> None:
    """A new event is put into the baseline when it is first released, so that it is kept from then on."""
    assert {path.stem for path in BASELINE.glob("*.json")} == {e.name for e in EVENT_TYPES}


SUBMITTED = read(BASELINE / "surveys.response_submitted.v1.json")


def changed(change: str) -> dict[str, Any]:
    new = copy.deepcopy(SUBMITTED)
    data = new["$defs"]["ResponseSubmitted"]
    fields, required = data["properties"], data["required"]
    if change == "removed":
        del fields["area"]
        required.remove("area")
    elif change == "renamed":
        fields["place"] = fields.pop("area")
    elif change == "retyped":
        fields["response_version"] = {"type": "string"}
    elif change == "retyped inside":
        fields["values"]["additionalProperties"] = {"type": "string"}
    elif change == "newly required":
        fields["device"] = {"type": "string"}
        required.append("device")
    elif change == "no longer required":
        required.remove("person")
    elif change == "new and optional":
        fields["device"] = {"type": "string"}
    elif change == "described":
        fields["area"]["description"] = "where"
    return new


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("removed", "$.data.area: gone"),
        ("renamed", "$.data.area: gone"),
        ("retyped", "$.data.response_version: type was integer, is string"),
        ("retyped inside", "$.data.values.additionalProperties: type was number, is string"),
        ("newly required", "$.data.device: newly required"),
        ("no longer required", "$.data.person: no longer always there"),
    ],
)
def test_a_break_is_found(change: str, found: str) -> None:
    assert found in breaks(SUBMITTED, changed(change))


@pytest.mark.parametrize("change", ["none", "new and optional", "described"])
def test_what_breaks_nobody_is_allowed(change: str) -> None:
    assert breaks(SUBMITTED, changed(change)) == []
