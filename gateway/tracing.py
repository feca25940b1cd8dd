"""W3C trace context: a request's `traceparent` is taken over, or made up, and goes along with every call."""

import re
import secrets

_TRACEPARENT = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$")


def traceparent(given: str | None) -> str:
    """A `traceparent` of our own span: in the caller's trace where `given` names one, else in a new one."""
    match = _TRACEPARENT.match(given) if given else None
    trace, flags = match.groups() if match else (secrets.token_hex(16), "00")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


def trace_id(parent: str) -> str:
    """The trace that a `traceparent` belongs to, to be found in the logs."""
    return parent[3:35]
