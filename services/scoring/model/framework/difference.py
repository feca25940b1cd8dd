"""What differs between two definitions, in parts and in words; and a definition with such differences put into it.

A definition is a tree in which lists hold things with codes: domains, indicators, items, scales, bands. So a place in
it is a path of names and codes (``domains.skills.indicators.voice.weight``), and a difference is something added,
removed, changed or put into another order there. `apply(a, difference(a, b))` is `b`.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal, NamedTuple

from services.scoring.model.framework.wording import sentence

Tree = dict[str, Any]
ORDER = "order"
"""The last step of a path where the codes stand in another order: no field has this name."""


class Change(NamedTuple):
    """One difference. What was added has no `before`, what was removed no `after`."""

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    before: Any
    after: Any
    words: str


class NotThere(LookupError):
    """A change is about a place that the definition does not have."""


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """How `after` differs. Both are whole: every field of the contract stands in them, defaults included."""
    return list(_fields((), before, after, ()))


def apply(definition: Mapping[str, Any], changes: Sequence[tuple[tuple[str, ...], Any]]) -> Tree:
    """The definition with (path, value) put in, one after the other; None takes a coded thing out.

    Raises NotThere, naming the path, for a place it does not have.
    """
    result: Tree = deepcopy(dict(definition))
    for path, value in changes:
        _put(result, path, value)
    return result


def _is_coded(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) and "code" in v for v in value)


def _fields(
    path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any], titles: tuple[str, ...]
) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        at = (*path, name)
        if (_is_coded(old) or not old) and (_is_coded(new) or not new) and (old or new):
            yield from _coded(at, old or [], new or [], titles)
        else:
            yield Change("changed", at, old, new, sentence("changed", at, old, new, titles))


def _coded(path: tuple[str, ...], before: list[Tree], after: list[Tree], titles: tuple[str, ...]) -> Iterator[Change]:
    old, new = {v["code"]: v for v in before}, {v["code"]: v for v in after}
    for code, value in old.items():
        if code not in new:
            at = (*path, code)
            yield Change("removed", at, value, None, sentence("removed", at, value, None, titles))
    for code, value in new.items():
        at = (*path, code)
        if code not in old:
            yield Change("added", at, None, value, sentence("added", at, None, value, titles))
        else:
            yield from _fields(at, old[code], value, (*titles, _title(old[code])))
    there = [*(code for code in old if code in new), *(code for code in new if code not in old)]
    if there != list(new):
        at = (*path, ORDER)
        yield Change("changed", at, there, list(new), sentence("changed", at, there, list(new), titles))


def _title(value: Mapping[str, Any]) -> str:
    return str(value.get("title") or value.get("label") or value["code"])


def _put(root: Tree, path: tuple[str, ...], value: Any) -> None:
    parent = _walk(root, path[:-1])
    last = path[-1]
    if isinstance(parent, list):
        _put_coded(parent, path, value)
    elif last in parent:
        parent[last] = deepcopy(value)
    else:
        raise NotThere(".".join(path))


def _put_coded(things: list[Tree], path: tuple[str, ...], value: Any) -> None:
    codes = [thing.get("code") for thing in things]
    last = path[-1]
    if last == ORDER:
        if not isinstance(value, list) or set(value) != set(codes) or len(value) != len(codes):
            raise NotThere(".".join(path))
        things.sort(key=lambda thing: value.index(thing["code"]))
    elif last not in codes and value is None:
        raise NotThere(".".join(path))
    elif last not in codes:
        things.append(deepcopy(value))
    elif value is None:
        del things[codes.index(last)]
    else:
        things[codes.index(last)] = deepcopy(value)


def _walk(root: Tree, path: tuple[str, ...]) -> Any:
    found: Any = root
    for step in path:
        if isinstance(found, list):
            found = next((thing for thing in found if isinstance(thing, dict) and thing.get("code") == step), None)
        elif isinstance(found, dict):
            found = found.get(step)
        if not isinstance(found, list | dict):
            raise NotThere(".".join(path))
    return found
