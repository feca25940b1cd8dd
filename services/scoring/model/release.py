"""Which sums become public, and when: the disclosure rules that every figure passes before anyone sees it.

Figures are published for one measure at a time as *tables*: everybody in each area and in the council, and for each
attribute its categories in each area and in the council. Three rules, none of which depends on what is asked:

1. Minimum count. A figure of fewer people than the minimum is hidden.
2. Complements. Whoever takes the shown cells of a line from its total must be left with nobody, or with at least two
   hidden cells of together the minimum count: else the smallest shown cell is hidden as well, until it is so. A line is
   the categories of one area (people who gave no category are one more), or one category over the areas of the council
   (people who gave no area are one more).
3. Steps. A shown figure moves only when its people became at least `STEP` more or fewer since it last moved, and so
   must the rest of its table. A mean that moved from nine to ten people would tell the tenth one's answer to whoever
   saw both; so would one that moved because one person corrected an answer.

An area's total moves by itself when its step is full. Its attribute tables move only together with it, each as a whole
and only if every category shown before and after stands still or moves by a full step. The council's total is the sum
of the areas' public totals, so that it never runs ahead of them by one person; its attribute tables keep a public state
of their own.
Rules 1 and 2 are those of the ONS and GSS guidance on disclosure control for tables from surveys.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.scoring.model.cells import NOTHING, Sums

STEP = 5
COUNCIL = "*"
"""The area code that stands for the whole council among tables."""
UNSTATED = ""
"""The category of people who gave none. It is never published, but whoever takes the others from the total has it: it
hides, and is hidden, like any other."""


class Table(NamedTuple):
    """The cells of one area (or the council) by one attribute; attribute "" is the table of everybody, category ""."""

    area: str
    attribute: str


Cells = dict[str, Sums]
State = dict[Table, Cells]


def next_release(live: Mapping[Table, Cells], public: Mapping[Table, Cells], minimum: int, final: bool) -> State:
    """The next public state of a measure.

    `live` are the sums as they stand, by area (the area "" for people who gave none), `public` the state that was
    published last, the council's tables among them. `final` publishes everything as it stands, in one step: only for a
    survey that has published nothing before. Hidden cells are part of the state; `hidden_cells` says which.
    """
    live = _with_unstated(live)
    if final:
        state = {table: dict(cells) for table, cells in live.items()}
    else:
        state = {table: dict(cells) for table, cells in public.items() if table.area != COUNCIL}
        for area in sorted({table.area for table in live}):
            _move_area(area, live, state, minimum)
    for table, cells in _summed_over_areas(state).items():
        before = public.get(table, {})
        if final or not table.attribute or _may_move(before, cells, minimum):
            state[table] = cells
        elif before:
            state[table] = dict(before)
    return state


def _with_unstated(live: Mapping[Table, Cells]) -> State:
    state = {table: dict(cells) for table, cells in live.items()}
    attributes = {table.attribute for table in live if table.attribute}
    for area in {table.area for table in live}:
        everybody = live[Table(area, "")][""]
        for attribute in attributes:
            cells = state.setdefault(Table(area, attribute), {})
            rest = everybody + -_sum(cells.values())
            if rest:
                cells[UNSTATED] = rest
    return state


def _move_area(area: str, live: Mapping[Table, Cells], state: State, minimum: int) -> None:
    everybody = Table(area, "")
    now = live[everybody][""]
    before = state.get(everybody, {}).get("", NOTHING)
    if abs(now.n - before.n) < STEP:
        return
    state[everybody] = {"": now}
    for table in [t for t in live if t.area == area and t.attribute]:
        if _may_move(state.get(table, {}), live[table], minimum):
            state[table] = dict(live[table])


def _may_move(before: Cells, now: Cells, minimum: int) -> bool:
    """Whether every category shown now, and all the rest together, stands still or moves in full.

    One that was hidden before must move in full to be shown: whoever has the former rest could take it away.
    """
    shown_now = set(now) - _hidden_categories(now, minimum)
    shown = shown_now & (set(before) - _hidden_categories(before, minimum))
    rest_before = _sum(sums for category, sums in before.items() if category not in shown)
    rest_now = _sum(sums for category, sums in now.items() if category not in shown)
    return _full(rest_before, rest_now) and all(_full(before.get(c, NOTHING), now[c]) for c in shown_now)


def _full(before: Sums, now: Sums) -> bool:
    return before == now or abs(now.n - before.n) >= STEP


def _summed_over_areas(state: State) -> State:
    summed: State = {}
    for table, cells in state.items():
        into = summed.setdefault(Table(COUNCIL, table.attribute), {})
        for category, sums in cells.items():
            into[category] = into.get(category, NOTHING) + sums
    return summed


def _sum(sums: Iterable[Sums]) -> Sums:
    total = NOTHING
    for one in sums:
        total += one
    return total


def hidden_cells(
    state: Mapping[Table, Cells], minimum: int, concealed: Mapping[Table, Cells] | None = None
) -> set[tuple[Table, str]]:
    """The cells of a public state that must not be shown: the rules, until nothing more needs hiding.

    `concealed` are the cells that were hidden in the release before, with their sums then. One that has not moved since
    stays hidden, whatever came beside it: shown now, it could be taken from the totals that were shown then.
    """
    hidden = {(t, c) for t, cells in state.items() for c, sums in cells.items() if sums.n < minimum}
    for table, cells in (concealed or {}).items():
        hidden |= {(table, c) for c, sums in cells.items() if state.get(table, {}).get(c) == sums}
    while True:
        so_far = len(hidden)
        for table, cells in state.items():
            if table.attribute and (Table(table.area, ""), "") in hidden:
                # its categories would add up to what is hidden
                hidden |= {(table, category) for category in cells}
            elif table.attribute:
                kept_back = {c for c in cells if (table, c) in hidden}
                hidden |= {(table, c) for c in _complements(cells, kept_back, minimum)}
        for attribute in {table.attribute for table in state}:
            hidden |= _complements_across_areas(attribute, state, hidden, minimum)
        if len(hidden) == so_far:
            return hidden


def _hidden_categories(cells: Cells, minimum: int) -> set[str]:
    hidden = {c for c, sums in cells.items() if sums.n < minimum}
    return hidden | _complements(cells, hidden, minimum)


def _complements(line: Cells, hidden: set[str], minimum: int) -> set[str]:
    """The smallest shown cells of a line that must be hidden too."""
    people = [line[c].n for c in hidden if line[c].n]
    shown = sorted((c for c in line if c not in hidden and line[c].n), key=lambda c: (line[c].n, c))
    more: set[str] = set()
    while people and shown and (len(people) < 2 or sum(people) < minimum):
        smallest = shown.pop(0)
        more.add(smallest)
        people.append(line[smallest].n)
    return more


def _complements_across_areas(
    attribute: str, state: Mapping[Table, Cells], hidden: set[tuple[Table, str]], minimum: int
) -> set[tuple[Table, str]]:
    more: set[tuple[Table, str]] = set()
    tables = {t.area: cells for t, cells in state.items() if t.attribute == attribute and t.area != COUNCIL}
    for category in state.get(Table(COUNCIL, attribute), {}):
        if (Table(COUNCIL, attribute), category) not in hidden:
            line = {area: cells[category] for area, cells in tables.items() if category in cells}
            concealed = {a for a in line if (Table(a, attribute), category) in hidden}
            more |= {(Table(a, attribute), category) for a in _complements(line, concealed, minimum)}
    return more
