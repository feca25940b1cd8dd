"""Dates and times. What is no date gives the empty text, or NaN where a number is wanted."""

from services.surveys.model.logic import moments
from services.surveys.model.logic.functions.table import Function, quiet
from services.surveys.model.logic.moments import DAY, Moment
from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.values import BLANKS, NAN, Value, number, text


def _moment(value: Value) -> Moment | None:
    """Of a date or a date with a time, or of the days since 1970."""
    return moments.read(text(value).strip(BLANKS)) or Moment.of(number(value))


def _date(value: Value) -> Value:
    moment = _moment(value)
    return moment.date if moment else ""


def _date_time(value: Value) -> Value:
    moment = _moment(value)
    return moment.iso if moment else ""


def _format_date(value: Value, pattern: Value) -> Value:
    moment = _moment(value)
    return moment.form(text(pattern)) if moment else ""


def _decimal_date_time(value: Value) -> Value:
    moment = _moment(value)
    return moment.days if moment else NAN


def _decimal_time(value: Value) -> Value:
    written = text(value).strip(BLANKS)
    moment = moments.read(written)
    passed = moment.milliseconds if moment else moments.clock(written)
    return NAN if passed is None else passed / DAY


def _today(run: Run) -> Value:
    return _date(run.scope.now)


def _now(run: Run) -> Value:
    return run.scope.now


FUNCTIONS = {
    "today": Function(0, 0, _today),
    "now": Function(0, 0, _now),
    "date": Function(1, 1, quiet(_date)),
    "date-time": Function(1, 1, quiet(_date_time)),
    "format-date": Function(2, 2, quiet(_format_date)),
    "format-date-time": Function(2, 2, quiet(_format_date)),
    "decimal-date-time": Function(1, 1, quiet(_decimal_date_time)),
    "decimal-time": Function(1, 1, quiet(_decimal_time)),
}
