"""Codes for names that a form has and we cannot: the same name gets the same code in every import."""

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

LONGEST = 64
FITS = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
_SIGNS = re.compile(r"[^a-z0-9_-]+")


def coded(name: str) -> str:
    """A code of small letters, digits, - and _ for a name; a name that is one already stays as it is.

    A leading minus is said in words, so that -1 and 1 stay apart. A name of other scripts only becomes a number that
    follows from it.
    """
    if FITS.match(name):
        return name
    text = unicodedata.normalize("NFKD", name.strip()).encode("ascii", "ignore").decode().lower()
    if re.match(r"-[0-9]", text):
        text = f"minus_{text[1:]}"
    text = _SIGNS.sub("_", text).strip("_-")[:LONGEST]
    return text or f"n{crc32(name.encode()):08x}"


class Codes:
    """Gives out codes, each once. A name that can stay as it is keeps it, wherever in the file it stands."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._kept = {name for name in names if FITS.match(name)}
        self._taken: set[str] = set()

    def take(self, name: str, inside: str = "") -> str:
        """The code for a name. Where it is taken, the code of what it stands `inside` goes before it, or a number."""
        plain = coded(name)
        for candidate in (plain, coded(f"{inside}_{plain}") if inside else plain):
            if self._free(candidate, name):
                self._taken.add(candidate)
                return candidate
        number = 2
        while not self._free(candidate := f"{plain[: LONGEST - 1 - len(str(number))]}_{number}", name):
            number += 1
        self._taken.add(candidate)
        return candidate

    def _free(self, candidate: str, name: str) -> bool:
        return candidate not in self._taken and (candidate == name or candidate not in self._kept)
