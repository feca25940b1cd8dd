"""The AsyncAPI document is one, and says what the topology does."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas import generate
from schemas.events import EVENT_TYPES
from schemas.topology import BINDINGS, events_exchange

DOCUMENT: dict[str, Any] = generate.asyncapi()
OFFICIAL = Path(__file__).parent / "asyncapi"


def pointed(pointer: str) -> Any:
    """What a local reference leads to. Raises KeyError where it leads nowhere."""
    found: Any = DOCUMENT
    for step in pointer.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(value: Any) -> list[str]:
    """Every reference in the document."""
    if isinstance(value, dict):
        return [v for k, v in value.items() if k == "$ref"] + [r for v in value.values() for r in references(v)]
    return [r for v in value for r in references(v)] if isinstance(value, list) else []


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_it_fits_the_official_schema() -> None:
    official = OFFICIAL / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"
    if not official.exists():
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=OFFICIAL, check=True, capture_output=True, timeout=120
        )
    validator = jsonschema.validators.validator_for(schema := json.loads(official.read_text()))
    assert [e.message for e in validator(schema).iter_errors(DOCUMENT)] == []


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert found
    for pointer in found:
        assert isinstance(pointed(pointer), dict)


def test_who_sends_and_who_hears_is_what_the_broker_does() -> None:
    said = {
        (o["action"], name.partition(".")[0], o["channel"]["$ref"].rpartition("/")[2])
        for name, o in DOCUMENT["operations"].items()
    }
    done = {("send", e.service, e.name) for e in EVENT_TYPES}
    exchanges = {events_exchange(e.service) for e in EVENT_TYPES}
    done |= {("receive", b.queue.partition(".")[0], b.key) for b in BINDINGS if b.exchange in exchanges}
    assert said == done
