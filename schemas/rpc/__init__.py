"""The remote calls: one module a service; `METHODS` finds every one of them."""

from typing import Any

from schemas.rpc import case_studies, directory, notifications, scoring, surveys
from schemas.rpc.base import Method

METHODS: dict[str, Method[Any, Any]] = {
    m.routing_key: m
    for module in (surveys, case_studies, scoring, directory, notifications)
    for m in vars(module).values()
    if isinstance(m, Method)
}

__all__ = ["METHODS", "Method"]
