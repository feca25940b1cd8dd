"""Writes what is derived from the contracts: JSON Schemas of events and calls, and the AsyncAPI 3 document.

``python -m schemas.generate`` writes; ``--check`` says which files are not what the code gives, and writes nothing.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from schemas.events import EVENT_TYPES, EventType
from schemas.rpc import METHODS
from schemas.topology import SERVICES, events_exchange

HERE = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REF = "#/$defs/{name}"


def _text(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def event_schema(event: EventType) -> dict[str, Any]:
    """The whole CloudEvent with its payload, as JSON Schema."""
    (payload,), definitions = msgspec.json.schema_components([event.data], ref_template=REF)
    return {
        "$schema": DIALECT,
        "$id": f"{event.name}.json",
        "title": event.name,
        "description": (event.data.__doc__ or "").strip(),
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid", "description": "A UUIDv7, one for each fact."},
            "type": {"const": event.name},
            "source": {"const": f"/{event.service}"},
            "subject": {"type": "string", "description": "The id of the thing that the fact is about."},
            "time": {"type": "string", "format": "date-time"},
            "tenantid": {"type": "string", "format": "uuid", "description": "The council it happened in."},
            "datacontenttype": {"const": "application/json"},
            "traceparent": {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "The W3C trace."},
            "data": payload,
        },
        "required": ["specversion", "id", "type", "source", "subject", "time", "tenantid", "data"],
        "$defs": definitions,
    }


def rpc_schema(service: str) -> dict[str, Any]:
    """The calls that a service answers: who may make them, with what, and the reply."""
    methods = [m for m in METHODS.values() if m.service == service]
    types = [t for m in methods for t in (m.request, m.reply)]
    schemas, definitions = msgspec.json.schema_components(types, ref_template=REF)
    return {
        "$schema": DIALECT,
        "$id": f"rpc/{service}.json",
        "title": f"Calls to {service}",
        "methods": {
            m.name: {
                "request": schemas[2 * i],
                "reply": schemas[2 * i + 1],
                "roles": sorted(role.value for role in m.roles),
            }
            for i, m in enumerate(methods)
        },
        "$defs": definitions,
    }


def _moved(schema: Any, event: EventType) -> Any:
    """The same schema where its references lead into `components.schemas` of the AsyncAPI document."""
    if isinstance(schema, dict):
        return {
            key: f"#/components/schemas/{event.name}/$defs/{value.rpartition('/')[2]}"
            if key == "$ref"
            else _moved(value, event)
            for key, value in schema.items()
        }
    return [_moved(item, event) for item in schema] if isinstance(schema, list) else schema


def asyncapi() -> dict[str, Any]:
    """Who says what on the bus, and who hears it: AsyncAPI 3.0."""
    channels, operations, messages, schemas = {}, {}, {}, {}
    for event in EVENT_TYPES:
        key = event.name
        schema = {k: v for k, v in event_schema(event).items() if k not in ("$schema", "$id")}
        schemas[key] = _moved(schema, event)
        messages[key] = {
            "name": key,
            "title": key,
            "summary": (event.data.__doc__ or "").strip(),
            "contentType": "application/cloudevents+json",
            "payload": {"$ref": f"#/components/schemas/{key}"},
        }
        channels[key] = {
            "address": key,
            "title": key,
            "messages": {key: {"$ref": f"#/components/messages/{key}"}},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {
                        "name": events_exchange(event.service),
                        "type": "topic",
                        "durable": True,
                        "autoDelete": False,
                        "vhost": "civic",
                    },
                    "bindingVersion": "0.3.0",
                }
            },
        }
        operations[f"{event.service}.send.{key}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{key}"},
            "summary": f"The {event.service} service tells it.",
            "messages": [{"$ref": f"#/channels/{key}/messages/{key}"}],
        }
        for queue in event.queues:
            service = queue.partition(".")[0]
            operations[f"{service}.receive.{key}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{key}"},
                "summary": f"The {service} service hears it, from its queue {queue}.",
                "messages": [{"$ref": f"#/channels/{key}/messages/{key}"}],
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Civic Health: events",
            "version": "1.0.0",
            "description": "Facts that the services tell each other, as CloudEvents 1.0 in JSON. They carry ids, codes "
            "and numbers, never free text, names or contacts.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def documents() -> dict[Path, str]:
    """Every generated file with its text."""
    found = {HERE / "events" / "json" / f"{e.name}.json": _text(event_schema(e)) for e in EVENT_TYPES}
    found |= {HERE / "rpc" / "json" / f"{service}.json": _text(rpc_schema(service)) for service in SERVICES}
    return found | {HERE / "asyncapi.json": _text(asyncapi())}


def stale() -> list[Path]:
    """Committed files that are not what the code gives, and left-over ones."""
    wanted = documents()
    left_over = [
        path for folder in ("events", "rpc") for path in (HERE / folder / "json").glob("*.json") if path not in wanted
    ]
    return [path for path, text in wanted.items() if not path.exists() or path.read_text() != text] + left_over


def main(arguments: list[str]) -> int:
    """Write, or compare; 1 where a committed file is another."""
    if "--check" in arguments:
        wrong = stale()
        for path in wrong:
            sys.stdout.write(f"{path.relative_to(HERE.parent)} is not what the code gives; run `make schemas`\n")
        return 1 if wrong else 0
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
