"""When a public state moves, so that whoever compares two of them learns nothing about fewer than `STEP` people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from services.scoring.model.cells import JOINED
from services.scoring.model.disclosure.cuts import light_cut
from services.scoring.model.disclosure.hiding import NOTHING_PUBLIC, Key, Measured, hidden_cells, is_seen, seen
from services.scoring.model.disclosure.rules import (
    COUNCIL,
    NOTHING,
    STEP,
    UNSTATED,
    Cells,
    Range,
    State,
    Sums,
    Table,
    Tables,
    same_or_far_people,
    stands_or_moves_in_full,
)


class Rules(NamedTuple):
    """What the rules need to know of a council and a questionnaire.

    `offered` are the categories that can be chosen, by attribute: one that nobody chose is a cell too. `bounds` are the
    range of the measure, where there is one.
    """

    minimum: int
    offered: Mapping[str, Sequence[str]] = {}
    bounds: Range | None = None


def next_release(live: Tables, before: Measured, rules: Rules, peers: Iterable[Tables] = ()) -> Measured:
    """The next public state of a measure.

    `live` are the sums as they stand, by area (the area "" for people who gave none); `before` is what was published
    last. `peers` are the public states of measures that share questions with this one, of this framework and of others:
    what is published of this one must be of the same answers as theirs, or of people that differ in full.
    """
    live = _complete(live, rules.offered)
    state = {table: dict(cells) for table, cells in before.state.items()}
    peers = list(peers)
    moved = [area for area in sorted({t.area for t in live}) if _move_area(area, live, state, before, rules, peers)]
    if not moved:
        return before
    total = _summed_over_areas(state)
    state[Table(COUNCIL, "")] = total[Table(COUNCIL, "")]
    attributes = sorted(t.attribute for t in total if t.attribute and JOINED not in t.attribute)
    still = [a for a in attributes if not _council_moves(a, state, total, before, rules)]
    pairs = sorted(t.attribute for t in total if JOINED in t.attribute)
    still += [p for p in pairs if not _pair_moves(p, state, total, before, rules, still)]
    return Measured(state, hidden_cells(state, rules.minimum, before, rules.bounds))


def _complete(live: Tables, offered: Mapping[str, Sequence[str]]) -> State:
    """With a cell for everybody who gave no category, and an empty one for each category that nobody chose."""
    state = {table: dict(cells) for table, cells in live.items()}
    attributes = {table.attribute for table in live if table.attribute}
    for area in {table.area for table in live}:
        everybody = live[Table(area, "")][""]
        for attribute in attributes:
            cells = state.setdefault(Table(area, attribute), {})
            for category in _offered(attribute, offered):
                cells.setdefault(category, NOTHING)
            rest = everybody + -_sum(cells.values())
            if rest:
                cells[UNSTATED] = rest
    return state


def _offered(attribute: str, offered: Mapping[str, Sequence[str]]) -> list[str]:
    if JOINED not in attribute:
        return list(offered.get(attribute, ()))
    first, second = attribute.split(JOINED)
    return [f"{one}{JOINED}{other}" for one in offered.get(first, ()) for other in offered.get(second, ())]


def _move_area(area: str, live: State, state: State, before: Measured, rules: Rules, peers: Sequence[Tables]) -> bool:
    """An area's total moves by itself when its step is full; its tables move only together with it, each as a whole."""
    everybody = Table(area, "")
    now = live[everybody]
    if abs(now[""].vouched - state.get(everybody, {}).get("", NOTHING).vouched) < STEP:
        return False
    if not _agrees(everybody, now, peers):
        return False
    state[everybody] = now
    tables = [t for t in live if t.area == area and t.attribute]
    for table in tables:
        if JOINED not in table.attribute and _table_moves(table, live[table], before, rules, peers):
            state[table] = dict(live[table])
    for table in tables:
        if JOINED in table.attribute and all(
            state.get(Table(area, one)) == live.get(Table(area, one), {}) for one in table.attribute.split(JOINED)
        ):
            state[table] = dict(live[table])
    return True


def _agrees(table: Table, now: Cells, peers: Sequence[Tables]) -> bool:
    return all(
        same_or_far_people(peer[table].get(category, NOTHING), now.get(category, NOTHING))
        for peer in peers
        if table in peer
        for category in {*peer[table], *now}
    )


def _table_moves(table: Table, now: Cells, before: Measured, rules: Rules, peers: Sequence[Tables]) -> bool:
    """Whether every category shown now, and all the rest together, stands still or moves in full.

    One that was hidden before must move in full to be shown: whoever has the former rest could take it away.
    """
    then = before.state.get(table, {})
    alone = {Table(table.area, ""): {"": _sum(now.values())}, table: now}
    shown_now = {c for c in now if (table, c) not in hidden_cells(alone, rules.minimum, NOTHING_PUBLIC, rules.bounds)}
    shown = {c for c in shown_now if c in then and (table, c) not in before.hidden}
    rest_then = _sum(sums for category, sums in then.items() if category not in shown)
    rest_now = _sum(sums for category, sums in now.items() if category not in shown)
    return (
        stands_or_moves_in_full(rest_then, rest_now)
        and all(stands_or_moves_in_full(then.get(c, NOTHING), now[c]) for c in shown_now)
        and _agrees(table, now, peers)
    )


def _council_moves(attribute: str, state: State, total: State, before: Measured, rules: Rules) -> bool:
    """Move the council's table of an attribute, if what moved since it moved last hides itself; whether it did."""
    table = Table(COUNCIL, attribute)
    areas = [t for t in state if t.attribute == attribute and t.area != COUNCIL]
    tried = {**state, table: total[table]} | {seen(t): state[t] for t in areas}
    hidden = hidden_cells(tried, rules.minimum, before, rules.bounds) | before.hidden
    changes = [
        ((t, c), t.area, c, before.state.get(seen(t), {}).get(c, NOTHING), state[t].get(c, NOTHING))
        for t in areas
        for c in {*state[t], *before.state.get(seen(t), {})}
    ]
    if not _hide_each_other(changes, hidden):
        return False
    state.update({key: dict(tried[key]) for key in (table, *map(seen, areas))})
    return True


def _pair_moves(pair: str, state: State, total: State, before: Measured, rules: Rules, still: Sequence[str]) -> bool:
    """Move the council's table of a pair, if it adds up to those of its attributes as shown; whether it did."""
    table = Table(COUNCIL, pair)
    for place, attribute in enumerate(pair.split(JOINED)):
        margin: Cells = {}
        for category, sums in total[table].items():
            one = category.split(JOINED)[place] if category else UNSTATED
            margin[one] = margin.get(one, NOTHING) + sums
        shown = state.get(Table(COUNCIL, attribute), {})
        if attribute in still or any(margin.get(c, NOTHING) != shown.get(c, NOTHING) for c in {*margin, *shown}):
            return False
    then = before.state.get(table, {})
    hidden = hidden_cells({**state, table: total[table]}, rules.minimum, before, rules.bounds)
    changes = [
        ((table, c), *(c.split(JOINED) if c else ("", "")), then.get(c, NOTHING), total[table].get(c, NOTHING))
        for c in {*then, *total[table]}
    ]
    if not _hide_each_other(changes, hidden | before.hidden):
        return False
    state[table] = total[table]
    return True


def _hide_each_other(changes: Iterable[tuple[Key, str, str, Sums, Sums]], hidden: Collection[Key]) -> bool:
    """Whether the changes of shown cells are full, and no sum of the hidden ones' changes is of fewer than `STEP`."""
    lines = []
    for key, row, column, then, now in changes:
        if key not in hidden and not stands_or_moves_in_full(then, now):
            return False
        if key in hidden and then != now:
            lines.append((("row", row), ("column", column), abs(now.vouched - then.vouched)))
    return light_cut(lines, STEP) is None


def _summed_over_areas(state: State) -> State:
    summed: State = {}
    for table, cells in state.items():
        if table.area != COUNCIL and not is_seen(table):
            into = summed.setdefault(Table(COUNCIL, table.attribute), {})
            for category, sums in cells.items():
                into[category] = into.get(category, NOTHING) + sums
    return summed


def _sum(sums: Iterable[Sums]) -> Sums:
    total = NOTHING
    for one in sums:
        total += one
    return total
