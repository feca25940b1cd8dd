"""Dates and times as ISO text, and as days since 1 January 1970, the way OpenRosa forms count them.

A time is the one on the wall where it was written: an offset that follows it is read and left aside.
`gateway/page/logic/moments.js` does the same in the browser.
"""

import datetime as dt
import math
import re
from typing import NamedTuple, Self

DAY = 86_400_000
"""Milliseconds."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_EARLIEST, _LATEST = 1 - _EPOCH, dt.date(9999, 12, 31).toordinal() - _EPOCH
_TIME = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_MOMENT = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})(?:T{_TIME})?")
_CLOCK = re.compile(_TIME)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Moment(NamedTuple):
    """A day, counted from 1970, and the milliseconds of it that have passed."""

    day: int
    milliseconds: int

    @property
    def days(self) -> float:
        """Days since 1970 with the part of the day that has passed."""
        return self.day + self.milliseconds / DAY

    @property
    def date(self) -> str:
        """As `YYYY-MM-DD`."""
        return self._calendar.isoformat()

    @property
    def iso(self) -> str:
        """As `YYYY-MM-DDTHH:MM:SS.mmm`."""
        return f"{self.date}T{self.form('%H:%M:%S.%3')}"

    @property
    def _calendar(self) -> dt.date:
        return dt.date.fromordinal(self.day + _EPOCH)

    @classmethod
    def of(cls, days: float) -> Self | None:
        """The moment that many days after 1970 began, to the millisecond; None outside the years 1 to 9999."""
        if not _EARLIEST <= days < _LATEST + 1:  # which NaN is not either
            return None
        day = math.floor(days)
        milliseconds = math.floor((days - day) * DAY + 0.5)
        if milliseconds == DAY:
            day, milliseconds = day + 1, 0
        return cls(day, milliseconds) if day <= _LATEST else None

    def form(self, pattern: str) -> str:
        """The pattern with its `%Y %y %m %n %b %d %e %H %h %M %S %3 %a` filled in, names in English."""
        on = self._calendar
        seconds, thousandths = divmod(self.milliseconds, 1_000)
        hour, minute, second = seconds // 3_600, seconds // 60 % 60, seconds % 60
        parts = {
            "Y": f"{on.year:04}", "y": f"{on.year % 100:02}", "m": f"{on.month:02}", "n": f"{on.month}",
            "b": _MONTHS[on.month - 1], "d": f"{on.day:02}", "e": f"{on.day}", "H": f"{hour:02}", "h": f"{hour}",
            "M": f"{minute:02}", "S": f"{second:02}", "3": f"{thousandths:03}", "a": _WEEKDAYS[on.weekday()],
            "%": "%",
        }  # fmt: skip
        return re.sub("%([YymnbdeHhMS3a%])", lambda found: parts[found[1]], pattern)


def read(written: str) -> Moment | None:
    """A date, or a date with a time, in ISO form; None where it is neither."""
    found = _MOMENT.fullmatch(written)
    if not found:
        return None
    try:
        on = dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    passed = _passed(found.groups()[3:]) if found[4] else 0
    return None if passed is None else Moment(on.toordinal() - _EPOCH, passed)


def clock(written: str) -> int | None:
    """The milliseconds of the day at a time (`HH:MM`, with seconds or without); None where it is no time."""
    found = _CLOCK.fullmatch(written)
    return _passed(found.groups()) if found else None


def _passed(parts: tuple[str | None, ...]) -> int | None:
    hour, minute, second = (int(part or 0) for part in parts[:3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1_000 + int((parts[3] or "").ljust(3, "0")[:3])
