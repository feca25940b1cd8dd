"""A pattern as instructions, and how parts of a pattern become them."""

from collections.abc import Callable
from typing import Literal, NamedTuple

LARGEST = 2_000
"""Instructions of one pattern, with its counted repeats written out."""

Ranges = tuple[tuple[int, int], ...]


class PatternError(ValueError):
    """What is wrong with a pattern, and at which of its characters (from 0)."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Step(NamedTuple):
    """One instruction. `char`: a character in `ranges`, then the next; `fork`: on at `to` and at `other`; or a test."""

    kind: Literal["char", "fork", "start", "end", "edge", "inside", "found"]
    ranges: Ranges = ()
    to: int = 0
    other: int = 0


DIGIT = ((48, 57),)
WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACE = ((9, 13), (32, 32))
_LAST = 0x10FFFF


def all_but(ranges: Ranges) -> Ranges:
    kept: list[tuple[int, int]] = []
    following = 0
    for low, high in sorted(ranges):
        if low > following:
            kept.append((following, low - 1))
        following = max(following, high + 1)
    return (*kept, (following, _LAST)) if following <= _LAST else tuple(kept)


Build = Callable[[list[Step]], None]
"""Appends a part's instructions. They end by falling through to what is appended next."""


def one(step: Step) -> Build:
    def build(program: list[Step]) -> None:
        if len(program) >= LARGEST:
            raise PatternError("this pattern is too large: repeat less often", 0)
        program.append(step)

    return build


def fork(left: Build, right: Build) -> Build:
    def build(program: list[Step]) -> None:
        start = len(program)
        one(Step("fork"))(program)
        left(program)
        leave = len(program)
        one(Step("fork"))(program)
        program[start] = Step("fork", to=start + 1, other=leave + 1)
        right(program)
        program[leave] = Step("fork", to=len(program), other=len(program))

    return build


def repeat(part: Build, least: int, most: int | None) -> Build:
    def build(program: list[Step]) -> None:
        before = len(program)
        for _ in range(least):
            part(program)
            if len(program) == before:
                return  # what is empty is as empty a thousand times
        if most is None:
            start = len(program)
            one(Step("fork"))(program)
            part(program)
            one(Step("fork", to=start, other=start))(program)
            program[start] = Step("fork", to=start + 1, other=len(program))
            return
        forks: list[int] = []
        for _ in range(most - least):
            forks.append(len(program))
            one(Step("fork"))(program)
            part(program)
        for start in forks:
            program[start] = Step("fork", to=start + 1, other=len(program))

    return build
