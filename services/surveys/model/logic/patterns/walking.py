"""Walking all ways through a pattern side by side."""

from dataclasses import dataclass
from typing import Final

from services.surveys.model.logic.patterns.program import WORD, PatternError, Ranges, Step
from services.surveys.model.logic.patterns.reading import compiled

STEPS: Final = 200_000
"""Steps that the patterns of one evaluation may take together; what is not matched by then does not match."""


@dataclass(slots=True)
class Fuel:
    """How many steps are left."""

    left: int = STEPS


def matches(pattern: str, text: str, fuel: Fuel) -> bool:
    """Whether the pattern fits the whole text; a pattern with a fault fits none."""
    try:
        program = compiled(pattern)
    except PatternError:
        return False
    points = [ord(character) for character in text]
    threads = [0]
    for place, point in enumerate(points):
        waiting = _spread(program, threads, points, place, fuel)
        threads = [at + 1 for at in waiting if program[at].kind == "char" and _within(point, program[at].ranges)]
        if not threads:
            return False
    return any(program[at].kind == "found" for at in _spread(program, threads, points, len(points), fuel))


def _spread(program: tuple[Step, ...], threads: list[int], points: list[int], place: int, fuel: Fuel) -> list[int]:
    """Where the walk stands once every step that takes no character is taken; nowhere when the fuel is used up."""
    seen: set[int] = set()
    waiting: list[int] = []
    stack = threads[::-1]
    while stack:
        at = stack.pop()
        if at in seen:
            continue
        seen.add(at)
        fuel.left -= 1
        if fuel.left < 0:
            return []
        step = program[at]
        if step.kind in ("char", "found"):
            waiting.append(at)
        elif step.kind == "fork":
            stack += (step.other, step.to)
        elif _holds(step.kind, points, place):
            stack.append(at + 1)
    return waiting


def _holds(kind: str, points: list[int], place: int) -> bool:
    if kind == "start":
        return place == 0
    if kind == "end":
        return place == len(points)
    before = place > 0 and _within(points[place - 1], WORD)
    after = place < len(points) and _within(points[place], WORD)
    return (before != after) == (kind == "edge")


def _within(point: int, ranges: Ranges) -> bool:
    for low, high in ranges:  # noqa: SIM110 any() takes twice as long, and this is where a walk spends its time
        if low <= point <= high:
            return True
    return False
