"""Finds what would break a reader of an event: fields gone, of another type, or newly required."""

from collections.abc import Iterator
from typing import Any

COMPARED = ("type", "const", "enum", "format", "items", "prefixItems", "additionalProperties", "anyOf", "minItems")
"""What a JSON Schema of msgspec's says about a value."""


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Each break, as the path of the field and what happened to it. New optional fields break nothing."""
    return list(_schema(_Document(old), old, _Document(new), new, "$", ()))


class _Document:
    def __init__(self, root: dict[str, Any]) -> None:
        self._definitions = root.get("$defs", {})

    def resolve(self, schema: Any) -> Any:
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self._definitions[schema["$ref"].rpartition("/")[2]]
        return schema


def _schema(was: _Document, old: Any, is_: _Document, new: Any, path: str, above: tuple[int, ...]) -> Iterator[str]:
    old, new = was.resolve(old), is_.resolve(new)
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{path}: was {old}, is {new}"
        return
    if id(old) in above:
        return
    above = (*above, id(old))
    yield from _value(was, old, is_, new, path, above)
    yield from _fields(was, old, is_, new, path, above)


def _value(was: _Document, old: Any, is_: _Document, new: Any, path: str, above: tuple[int, ...]) -> Iterator[str]:
    for key in COMPARED:
        before, after = old.get(key), new.get(key)
        if key in ("items", "additionalProperties") and (before is not None and after is not None):
            yield from _schema(was, before, is_, after, f"{path}.{key}", above)
        elif key in ("anyOf", "prefixItems") and before is not None and after is not None and len(before) == len(after):
            for index, (a, b) in enumerate(zip(before, after, strict=True)):
                yield from _schema(was, a, is_, b, f"{path}.{key}[{index}]", above)
        elif before != after:
            yield f"{path}: {key} was {before}, is {after}"


def _fields(was: _Document, old: Any, is_: _Document, new: Any, path: str, above: tuple[int, ...]) -> Iterator[str]:
    fields, now = old.get("properties", {}), new.get("properties", {})
    for name, field in fields.items():
        if name not in now:
            yield f"{path}.{name}: gone"
        else:
            yield from _schema(was, field, is_, now[name], f"{path}.{name}", above)
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{path}.{name}: newly required"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        # a reader that relied on it would find it missing
        yield f"{path}.{name}: no longer always there"
