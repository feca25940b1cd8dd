"""Codes that must be one of a kind."""

from collections.abc import Iterable, Iterator

from services.surveys.model.form import Fault


def doubles(codes: Iterable[str], field: str, thing: str) -> Iterator[Fault]:
    """A fault for every code that was there before."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Fault((field, code), f"Two {thing}s have this code; give one of them another.")
        seen.add(code)
