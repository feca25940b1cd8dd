"""Queues keep their names and arguments: RabbitMQ refuses a changed one, and a renamed one strands what waits in it."""

import json
from pathlib import Path
from typing import Any

from schemas import topology

FROZEN = Path(topology.__file__).parent / "baseline" / "topology.json"


def test_queues_and_exchanges_are_the_frozen_ones() -> None:
    """On purpose only: a change here needs a step in the operators' upgrade guide that moves what waits."""
    now: dict[str, Any] = {
        "exchanges": {e.name: e.kind for e in topology.EXCHANGES},
        "queues": {q.name: dict(q.arguments) for q in topology.QUEUES},
        "bindings": sorted([b.exchange, b.key, b.queue] for b in topology.BINDINGS),
    }
    frozen = json.loads(FROZEN.read_text())
    assert {name: now["exchanges"].get(name) for name in frozen["exchanges"]} == frozen["exchanges"]
    assert {name: now["queues"].get(name) for name in frozen["queues"]} == frozen["queues"]
    missing = [b for b in frozen["bindings"] if b not in now["bindings"]]
    assert missing == []
