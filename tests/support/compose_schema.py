"""The part of the Compose Specification that our files use, as a JSON Schema: a key it does not know is a mistake."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}
DURATION = {"type": "string", "pattern": r"^([0-9]+(us|ms|s|m|h))+$"}
ARGUMENTS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
NAME = r"^[a-zA-Z0-9._-]+$"


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


HEALTHCHECK = closed(
    {
        "test": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 2,
            "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
        },
        "interval": DURATION,
        "timeout": DURATION,
        "start_period": DURATION,
        "retries": {"type": "integer", "minimum": 1},
    },
    "test",
)
DEPENDENCY = closed(
    {"condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}}, "condition"
)
SERVICE = closed(
    {
        "image": TEXT,
        "build": closed({"context": TEXT, "dockerfile": TEXT}, "context"),
        "command": ARGUMENTS,
        "entrypoint": ARGUMENTS,
        "environment": {
            "type": "object",
            "patternProperties": {r"^[A-Z][A-Z0-9_]*$": {"type": ["string", "number", "boolean", "null"]}},
            "additionalProperties": False,
        },
        "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^[^:]+:/[^:]*(:(ro|rw))?$"}},
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^([^:]+:)?[^:]*:?[0-9]+$|\$\{"}},
        "depends_on": {"type": "object", "patternProperties": {NAME: DEPENDENCY}, "additionalProperties": False},
        "healthcheck": HEALTHCHECK,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "stop_grace_period": DURATION,
        "user": TEXT,
        "hostname": TEXT,
        "read_only": {"type": "boolean"},
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "profiles": TEXTS,
    },
    "image",
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **closed(
        {
            "name": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]*$"},
            "services": {"type": "object", "patternProperties": {NAME: SERVICE}, "additionalProperties": False},
            "volumes": {"type": "object", "patternProperties": {NAME: {"type": "null"}}, "additionalProperties": False},
        },
        "services",
    ),
    "patternProperties": {"^x-": {}},
}
