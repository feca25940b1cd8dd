"""Figures that are made of other figures, and so tell nothing more than they do."""

from collections.abc import Callable, Mapping
from math import isqrt

from services.scoring.model.disclosure.hiding import Key, Measured, is_seen
from services.scoring.model.disclosure.rules import COUNCIL, State, Sums, Table


def composed(parts: Mapping[str, Measured], whole: Callable[[Mapping[str, float]], float], unit: int) -> Measured:
    """The index of each area and group: `whole` of the means of its domains, not the mean of the people's own.

    The mean of people's own would tell more than its parts: taken together with them, it gives away who left a domain
    out. So it is hidden where any of its parts is, those apart that are hidden even for the whole council; its `n` is
    the least of theirs. Its spread is the largest that theirs allow (the spread of a mean is at most the mean of the
    spreads, Minkowski), so that an interval is never too narrow.
    """
    whole_council = (Table(COUNCIL, ""), "")
    shown = {code: part for code, part in parts.items() if part.state and whole_council not in part.hidden}
    parts = shown or {code: part for code, part in parts.items() if part.state}
    state: State = {}
    hidden: set[Key] = set()
    for table in {t for part in parts.values() for t in part.state if not is_seen(t)}:
        for category in {c for part in parts.values() for c in part.state.get(table, {})}:
            key = (table, category)
            found = {
                code: part.state[table][category]
                for code, part in parts.items()
                if key not in part.hidden and category in part.state.get(table, {})
            }
            if len(found) == len(parts):
                state.setdefault(table, {})[category] = _composed(found, whole, unit)
            else:
                state.setdefault(table, {})[category] = Sums()
                hidden.add(key)
    return Measured(state, hidden)


def _composed(found: Mapping[str, Sums], whole: Callable[[Mapping[str, float]], float], unit: int) -> Sums:
    n = min(s.n for s in found.values())
    mean = round(whole({code: s.total / s.n / unit for code, s in found.items()}) * unit)
    spreads = {code: isqrt(max(0, s.squares // s.n - (s.total // s.n) ** 2)) / unit for code, s in found.items()}
    spread = round(whole(spreads) * unit)
    return Sums(n, n * mean, n * (mean * mean + spread * spread), min(s.vouched for s in found.values()))
