"""Numbers. What has no answer is NaN, never an error.

exp, log, trigonometry and broken powers keep 15 digits, because the last one or two differ between machines and the
browser must come to the same number as the server.
"""

import math
from collections.abc import Callable

from services.surveys.model.logic.functions.table import MANY, Function, quiet
from services.surveys.model.logic.values import NAN, Value, number, plain, several


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [number(one) for value in values for one in several(value)]


def _sum(value: Value) -> Value:
    total = 0.0
    for one in _numbers((value,)):
        total += one
    return total


def _least(*values: Value) -> Value:
    found = _numbers(values)
    return NAN if not found or any(map(math.isnan, found)) else min(found)


def _most(*values: Value) -> Value:
    found = _numbers(values)
    return NAN if not found or any(map(math.isnan, found)) else max(found)


def whole(rounding: Callable[[float], int], value: float) -> float:
    """`value` rounded; what is not finite stays as it is."""
    return float(rounding(value)) if math.isfinite(value) else value


def _round(value: Value, places: Value = 0.0) -> Value:
    """XPath's round(), halves up, at any place of the decimal digits that are seen: round(1.005, 2) is 1.01."""
    given, shift = number(value), number(places)
    if math.isnan(given) or not abs(shift) <= 400:
        return NAN if math.isnan(shift) else given
    shift = math.trunc(shift)
    moved = float(f"{plain(given)}e{shift}") if math.isfinite(given) else given
    if not math.isfinite(moved):
        return given
    low = whole(math.floor, moved)
    return float(f"{plain(low if moved - low < 0.5 else low + 1)}e{-shift}")


def _square_root(value: Value) -> Value:
    given = number(value)
    return math.sqrt(given) if given >= 0 else NAN


def _power(base: Value, exponent: Value) -> Value:
    x, n = number(base), number(exponent)
    if math.isnan(x) or math.isnan(n):
        return 1.0 if n == 0 else NAN
    if n.is_integer() and abs(n) <= 1_024:
        return _times_itself(x, int(n))
    if math.isinf(n) and abs(x) == 1:
        return NAN
    try:
        return shortened(math.pow(x, n))
    except OverflowError:
        return math.inf if x > 0 or n % 2 == 0 else -math.inf
    except ValueError:
        return math.inf if x == 0 else NAN


def _times_itself(x: float, n: int) -> float:
    """By squaring, so that every machine multiplies in the same order."""
    reached, left = 1.0, abs(n)
    while left:
        if left & 1:
            reached *= x
        x *= x
        left >>= 1
    return reached if n >= 0 else divided(1.0, reached)


def divided(left: float, right: float) -> float:
    """`div`: by zero it is infinite, and zero by zero is NaN."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return NAN
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder(left: float, right: float) -> float:
    """`mod`: what is left over, with the sign of the left side."""
    return NAN if right == 0 or math.isinf(left) else math.fmod(left, right)


def shortened(value: float) -> float:
    """15 digits."""
    return float(f"{value:.15g}")


def _of_library(work: Callable[[float], float]) -> Callable[..., Value]:
    def shortened_or_nan(value: Value) -> Value:
        try:
            return shortened(work(number(value)))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return quiet(shortened_or_nan)


def _logarithm(work: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: -math.inf if value == 0 else work(value)


def _angle(y: Value, x: Value) -> Value:
    return shortened(math.atan2(number(y), number(x)))


FUNCTIONS = {
    "number": Function(1, 1, quiet(number)),
    "int": Function(1, 1, quiet(lambda value: whole(math.trunc, number(value)))),
    "floor": Function(1, 1, quiet(lambda value: whole(math.floor, number(value)))),
    "ceiling": Function(1, 1, quiet(lambda value: whole(math.ceil, number(value)))),
    "round": Function(1, 2, quiet(_round)),
    "abs": Function(1, 1, quiet(lambda value: abs(number(value)))),
    "sum": Function(1, 1, quiet(_sum)),
    "min": Function(1, MANY, quiet(_least)),
    "max": Function(1, MANY, quiet(_most)),
    "pow": Function(2, 2, quiet(_power)),
    "sqrt": Function(1, 1, quiet(_square_root)),
    "exp": Function(1, 1, _of_library(math.exp)),
    "exp10": Function(1, 1, quiet(lambda value: _power(10.0, value))),
    "log": Function(1, 1, _of_library(_logarithm(math.log))),
    "log10": Function(1, 1, _of_library(_logarithm(math.log10))),
    "sin": Function(1, 1, _of_library(math.sin)),
    "cos": Function(1, 1, _of_library(math.cos)),
    "tan": Function(1, 1, _of_library(math.tan)),
    "asin": Function(1, 1, _of_library(math.asin)),
    "acos": Function(1, 1, _of_library(math.acos)),
    "atan": Function(1, 1, _of_library(math.atan)),
    "atan2": Function(2, 2, quiet(_angle)),
    "pi": Function(0, 0, quiet(lambda: math.pi)),
}
