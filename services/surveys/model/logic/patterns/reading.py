"""Reading a pattern."""

from functools import lru_cache

from services.surveys.model.logic.patterns.program import (
    DIGIT,
    SPACE,
    WORD,
    Build,
    PatternError,
    Ranges,
    Step,
    all_but,
    fork,
    one,
    repeat,
)

_CLASSES = {"d": DIGIT, "w": WORD, "s": SPACE}
_CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "0": 0}


@lru_cache(maxsize=512)
def compiled(pattern: str) -> tuple[Step, ...]:
    """The pattern's instructions. Raises PatternError."""
    reader = _Reader(pattern)
    build = reader.either()
    if reader.at < len(pattern):
        raise PatternError("this bracket closes nothing", reader.at)
    program: list[Step] = []
    build(program)
    program.append(Step("found"))
    return tuple(program)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def eat(self, expected: str) -> bool:
        if self.pattern.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def either(self) -> Build:
        """Parts with | between."""
        options = [self.sequence()]
        while self.eat("|"):
            options.append(self.sequence())
        build = options.pop()
        while options:
            build = fork(options.pop(), build)
        return build

    def sequence(self) -> Build:
        parts: list[Build] = []
        while self.peek() not in ("", "|", ")"):
            start = self.at
            parts.append(self.repeated(self.atom(), start))

        def build(program: list[Step]) -> None:
            for part in parts:
                part(program)

        return build

    def repeated(self, part: Build, start: int) -> Build:
        least, most = self.counts()
        if (least, most) == (1, 1):
            return part
        self.eat("?")  # the least or the most at first: of a whole text both match the same
        if self.peek() in ("*", "+", "?", "{"):
            raise PatternError("one repeat follows another; put brackets around the first", self.at)
        if most is not None and (most < least or most > 1_000):
            raise PatternError("repeat at most 1,000 times, and the smaller number first", start)
        return repeat(part, least, most)

    def counts(self) -> tuple[int, int | None]:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.eat(sign):
                return bounds
        start = self.at
        if not self.eat("{"):
            return 1, 1
        least = self.count()
        most = least
        if self.eat(","):
            most = self.count()
        if least is None or not self.eat("}"):
            raise PatternError("write how often in the form {3}, {3,} or {3,5}; a bracket itself is \\{", start)
        if least > 1_000:
            raise PatternError("repeat at most 1,000 times, and the smaller number first", start)
        return least, most

    def count(self) -> int | None:
        start = self.at
        while self.peek() and self.peek() in "0123456789" and self.at - start < 6:
            self.at += 1
        return int(self.pattern[start : self.at]) if self.at > start else None

    def atom(self) -> Build:
        start = self.at
        character = self.peek()
        self.at += 1
        if character == "(":
            return self.group(start)
        if character == "[":
            return one(Step("char", self.choice(start)))
        if character == ".":
            return one(Step("char", all_but(((10, 10), (13, 13)))))
        if character in ("^", "$"):
            return one(Step("start" if character == "^" else "end"))
        if character in ("*", "+", "?", "{"):
            raise PatternError(f"there is nothing before {character} that could repeat", start)
        if character == "\\":
            return one(self.escaped(start))
        return one(Step("char", ((ord(character), ord(character)),)))

    def escaped(self, start: int) -> Step:
        if self.eat("b"):
            return Step("edge")
        return Step("inside") if self.eat("B") else Step("char", self.escape(start))

    def group(self, start: int) -> Build:
        if self.peek() == "?" and not self.eat("?:"):
            raise PatternError("looking ahead or back, and switches, are not possible here: use ( ) or (?: )", start)
        self.depth += 1
        if self.depth > 20:
            raise PatternError("these brackets stand in too many others", start)
        build = self.either()
        self.depth -= 1
        if not self.eat(")"):
            raise PatternError("this bracket is never closed", start)
        return build

    def escape(self, start: int) -> Ranges:
        """What a backslash and the characters after it stand for."""
        character = self.peek()
        self.at += 1
        if character.lower() in _CLASSES:
            ranges = _CLASSES[character.lower()]
            return ranges if character.islower() else all_but(ranges)
        if character in _CONTROLS:
            return ((_CONTROLS[character],) * 2,)
        if character in ("x", "u"):
            return self.numbered(2 if character == "x" else 4, start)
        if not character or (character.isascii() and character.isalnum()):
            raise PatternError(f"\\{character} is not known here", start)
        return ((ord(character),) * 2,)

    def numbered(self, digits: int, start: int) -> Ranges:
        written = self.pattern[self.at : self.at + digits]
        if len(written) < digits or not all(c in "0123456789abcdefABCDEF" for c in written):
            raise PatternError(f"{digits} hexadecimal digits must follow here", start)
        self.at += digits
        return ((int(written, 16),) * 2,)

    def choice(self, start: int) -> Ranges:
        """The characters in square brackets; a closing one that comes first stands for itself."""
        negated = self.eat("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                raise PatternError("this bracket is never closed", start)
            ranges += self.member()
            first = False
        self.at += 1
        return all_but(tuple(ranges)) if negated else tuple(ranges)

    def member(self) -> Ranges:
        start = self.at
        low = self.point()
        follows = self.pattern[self.at + 1 : self.at + 2]
        if self.peek() != "-" or follows in ("", "]") or len(low) != 1 or low[0][0] != low[0][1]:
            return low
        self.at += 1
        high = self.point()
        if len(high) != 1 or high[0][0] != high[0][1] or high[0][1] < low[0][0]:
            raise PatternError("this range goes backwards or nowhere", start)
        return ((low[0][0], high[0][1]),)

    def point(self) -> Ranges:
        start = self.at
        character = self.peek()
        self.at += 1
        return self.escape(start) if character == "\\" else ((ord(character),) * 2,)
