"""The rules of a directory entry: what it may say, what may be done with it when, and the cursor of a search."""

import base64
import binascii
import re
import struct
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple, Self
from urllib.parse import urlsplit
from uuid import UUID

ABOUT_A_PERSON = frozenset({"leader", "person"})
"""Kinds that are about whoever adds them: nobody is listed without having agreed to it."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,}")


class Fault(NamedTuple):
    """Something wrong: the field, from the outside in, and a sentence that says how to mend it."""

    path: tuple[str, ...]
    message: str


class Wording(NamedTuple):
    """What an entry says that rules look at."""

    kind: str
    email: str | None
    telephone: str | None
    website: str | None
    has_funding: bool
    minimum: float | None
    maximum: float | None


def faults_of(wording: Wording) -> list[Fault]:
    """Everything wrong with an entry's content."""
    return list(_faults(wording))


def _faults(wording: Wording) -> Iterator[Fault]:
    if wording.email and not _EMAIL.fullmatch(wording.email):
        yield Fault(("contact", "email"), "Write it like name@example.org.")
    if wording.telephone and not _TELEPHONE.fullmatch(wording.telephone):
        yield Fault(("contact", "telephone"), "Use numbers and spaces only, like 01733 000000.")
    if wording.website and not _is_web_address(wording.website):
        yield Fault(("contact", "website"), "Start it with https:// or http://.")
    if wording.has_funding and wording.kind != "funding":
        yield Fault(("funding",), "Only a funding entry says how much and until when.")
    if wording.minimum is not None and wording.maximum is not None and wording.minimum > wording.maximum:
        yield Fault(("funding", "maximum"), "The highest amount must not be below the lowest.")


def _is_web_address(address: str) -> bool:
    # other schemes (javascript:, data:) would run in the reader's browser
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", address)


def consent_stands(kind: str, *, stands: bool, asked: bool, own: bool) -> bool:
    """Whether the person agrees to be listed after a change: nobody else can agree for them, only take it out."""
    return kind in ABOUT_A_PERSON and asked and (own or stands)


def obstacle_to_editing(status: str) -> str | None:
    """Why an entry cannot be changed, or None."""
    return "this entry is withdrawn; add a new one instead" if status == "withdrawn" else None


def obstacle_to_publishing(kind: str, status: str, *, consent: bool) -> str | None:
    """Why an entry cannot be published, or None."""
    if status == "published":
        return "this entry is already published; change it, and the change is shown at once"
    if status == "withdrawn":
        return "this entry is withdrawn; add a new one instead"
    if kind in ABOUT_A_PERSON and not consent:
        return "this entry is a draft without consent; agree to be listed, then publish it"
    return None


def obstacle_to_withdrawing(status: str) -> str | None:
    """Why an entry cannot be withdrawn, or None."""
    return "this entry is already withdrawn; there is nothing left to do" if status == "withdrawn" else None


def last_open_day(now: datetime) -> date:
    """A funding opportunity whose deadline is before this day is past. `now` is in UTC.

    UTC is never ahead of British time, so that nothing is hidden while it is still the last day in Britain.
    """
    return now.date()


class Cursor(NamedTuple):
    """The place in a list after an entry: by newest (`rank` None), or by rank, a 4-byte float as PostgreSQL has it."""

    rank: float | None
    id: UUID

    def encode(self) -> str:
        """As text, opaque to the caller."""
        head = b"" if self.rank is None else struct.pack(">f", self.rank)
        return base64.urlsafe_b64encode(head + self.id.bytes).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """From text. Raises ValueError for what is no cursor."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("not a cursor") from None
        if len(raw) not in (16, 20):
            raise ValueError("not a cursor")
        rank = struct.unpack(">f", raw[:4])[0] if len(raw) == 20 else None
        if rank is not None and not 0 <= rank < float("inf"):
            raise ValueError("not a cursor")
        return cls(rank, UUID(bytes=raw[-16:]))
