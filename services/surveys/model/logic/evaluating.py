"""Working an expression out. It always comes to a value: bad input gives NaN or the empty text, as XPath has it."""

from collections.abc import Callable
from functools import reduce

from services.surveys.model.logic.functions import FUNCTIONS
from services.surveys.model.logic.functions.numbers import divided, remainder
from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.tree import Tree
from services.surveys.model.logic.values import Value, equal, number, taken, truth, unequal

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "div": divided,
    "mod": remainder,
}
_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": lambda left, right: number(left) < number(right),
    "<=": lambda left, right: number(left) <= number(right),
    ">": lambda left, right: number(left) > number(right),
    ">=": lambda left, right: number(left) >= number(right),
}


def work_out(tree: Tree, run: Run) -> Value:
    """The value of a tree in the scope of `run`."""
    kind = tree[0]
    if kind in _ATOMS:
        return _ATOMS[kind](tree, run)
    if kind == "call":
        return _call(tree, run)
    if kind in ("and", "or"):
        decided = any if kind == "or" else all
        return decided(truth(work_out(part, run)) for part in tree[1:])
    if kind == "negative":
        return -number(work_out(tree[1], run))
    if kind in _COMPARISONS:
        return _COMPARISONS[kind](work_out(tree[1], run), work_out(tree[2], run))
    return reduce(_ARITHMETIC[kind], [number(work_out(part, run)) for part in tree[1:]])


_ATOMS: dict[str, Callable[[Tree, Run], Value]] = {
    "number": lambda tree, _run: tree[1],
    "text": lambda tree, _run: tree[1],
    "answer": lambda tree, run: run.answer(tree[1]),
    "column": lambda tree, run: taken(run.scope.columns.get(tree[1], "")),
    "self": lambda _tree, run: run.own,
    "parent": lambda _tree, _run: "",
}


def _call(tree: Tree, run: Run) -> Value:
    name = tree[1]
    if name == "if":
        return work_out(tree[3 if truth(work_out(tree[2], run)) else 4], run)
    if name == "indexed-repeat":
        return _indexed(tree[2][1], number(work_out(tree[4], run)), run)
    return FUNCTIONS[name].work(run, *[work_out(part, run) for part in tree[2:]])


def _indexed(name: str, place: float, run: Run) -> Value:
    """The answer to a repeat's question at its `place`th time round, from 1."""
    answers = taken(run.scope.repeats.get(name, run.scope.answers.get(name, "")))
    all_of_it = answers if isinstance(answers, tuple) else (answers,)
    return all_of_it[int(place) - 1] if 1 <= place < len(all_of_it) + 1 else ""
