"""Rules of a form (relevance, constraint, …): collected while it is read, and put in once every name has its code."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.surveys.model.forms.expressions import references, rewritten
from services.surveys.model.forms.lines import Line
from services.surveys.model.forms.result import Notebook

LONGEST_RULE = 5_000
Check = Callable[[str], str | None]
"""What is wrong with an expression in our language, or None where it can be carried."""


class Part(NamedTuple):
    """One expression of the file, and where it stands."""

    text: str
    sheet: str
    row: int | None
    column: str

    @classmethod
    def of(cls, line: Line, *meaning: str) -> "Part":
        """The expression in this column."""
        return cls(line.code(*meaning), line.sheet, line.row, line.heading(*meaning))


@dataclass(slots=True)
class Rule:
    """What goes into `holder[key]`: all parts together. `own` are renamed choices of the question itself."""

    holder: dict[str, Any]
    key: str
    parts: list[Part]
    place: str = ""
    own: Mapping[str, str] = field(default_factory=dict)


class Known(NamedTuple):
    """What a name of the file has become: the text that refers to it, and its choices that have other codes now."""

    place: str
    text: str
    renamed: Mapping[str, str]


class Rules:
    """All rules of a form, and all its names."""

    def __init__(self, notes: Notebook) -> None:
        self._notes = notes
        self._rules: list[Rule] = []
        self._known: dict[str, list[Known]] = defaultdict(list)

    def know(self, name: str, place: str, text: str, renamed: Mapping[str, str] | None = None) -> None:
        """A name of the file stands for this; `place` is the section that it is in."""
        self._known[name].append(Known(place, text, renamed or {}))

    def add(self, rule: Rule) -> None:
        """A rule to put in; one without parts says nothing."""
        if rule.parts:
            self._rules.append(rule)

    def renamed(self, name: str) -> Mapping[str, str]:
        """The choices of the question with this name that have other codes now."""
        return {old: new for known in self._known.get(name, ()) for old, new in known.renamed.items()}

    def settle(self, check: Check) -> list[dict[str, Any]]:
        """Put in every rule that can be carried, and name the others.

        Answers the calculations that have none left: they are to be taken out. A rule that speaks of one of them
        cannot be carried either.
        """
        gone: dict[str, dict[str, Any]] = {}
        while True:
            more = {
                rule.holder["code"]: rule.holder
                for rule in self._rules
                if rule.key == "calculation"
                and rule.holder["code"] not in gone
                and any(self._put(rule, part, check, gone)[1] for part in rule.parts)
            }
            if not more:
                break
            gone |= more
        for rule in self._rules:
            self._put_in(rule, check, gone)
        return list(gone.values())

    def _put_in(self, rule: Rule, check: Check, gone: Mapping[str, Any]) -> None:
        carried = []
        for part in rule.parts:
            text, why = self._put(rule, part, check, gone)
            if why is None:
                carried.append(text)
            else:
                advice = "Write the rule anew in the draft" + (", or leave it out." if rule.key != "relevance" else ".")
                self._notes.left_out(part.sheet, part.row, part.column, why, advice)
        if carried:
            together = carried[0] if len(carried) == 1 else " and ".join(f"({text})" for text in carried)
            if len(together) <= LONGEST_RULE:
                rule.holder[rule.key] = together
            else:
                last = rule.parts[-1]
                why = f"With the rules of its groups, this rule has more than {LONGEST_RULE:,} letters."
                self._notes.left_out(last.sheet, last.row, last.column, why, "Write the rule anew in the draft.")

    def _put(self, rule: Rule, part: Part, check: Check, gone: Mapping[str, Any]) -> tuple[str, str | None]:
        literals = dict(rule.own)
        texts: dict[str, str] = {}
        for name in references(part.text):
            known = self._nearest(name, rule.place)
            if known is None or known.text.removeprefix("${").removesuffix("}") in gone:
                return "", f'It speaks of "{name[:60]}", which is not in the draft.'
            texts[name] = known.text
            literals |= known.renamed
        text = rewritten(part.text, texts.__getitem__, literals)
        if len(text) > LONGEST_RULE:
            return "", f"The rule has more than {LONGEST_RULE:,} letters."
        return text, check(text)

    def _nearest(self, name: str, place: str) -> Known | None:
        known = self._known.get(name, [])
        return next((k for k in known if k.place == place), known[0] if known else None)
