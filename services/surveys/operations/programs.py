"""The logic of questionnaires as browsers run it, remembered by what it was made of, so that a draft may change."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from schemas.rpc.surveys import Logic
from services.surveys import model

REMEMBERED = 500
_programs: dict[bytes, Logic | None] = {}
_encoder = msgspec.json.Encoder()


def logic_of(definition: Mapping[str, Any]) -> Logic | None:
    """The trees of a definition's expressions, and the order to go in; None where it has none."""
    key = hashlib.sha256(_encoder.encode(definition)).digest()
    if key not in _programs:
        if len(_programs) >= REMEMBERED:
            _programs.pop(next(iter(_programs)))
        program = model.program(definition)
        _programs[key] = program and Logic(program.order, dict(program.trees))
    return _programs[key]
