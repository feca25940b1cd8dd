"""Lists on their way to PostgreSQL, as array literals.

psycopg's own way asks each element for its type and escapes it with a regular expression: for a thousand rows, whose
columns go as arrays into `unnest`, that was a third of all the work of taking them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, DataError
from psycopg.adapt import Dumper


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_ELEMENTS: dict[type[Any], Callable[[Any], str]] = {
    str: _quoted,
    UUID: str,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    datetime: lambda value: f'"{value.isoformat()}"',
    bytes: lambda value: f'"\\\\x{value.hex()}"',
    type(None): lambda _: "NULL",
}


class ArrayDumper(Dumper):
    """A list of one dimension. Its type is left to the statement, which must say it: ``CAST(:ids AS uuid[])``.

    Raises DataError for text with a NUL character, as psycopg does, and for a type that nobody needed so far.
    """

    def dump(self, obj: list[Any]) -> bytes:
        """The literal: ``{"a","b",NULL}``."""
        try:
            literal = ",".join([_ELEMENTS[type(value)](value) for value in obj])
        except KeyError as unknown:
            raise DataError(f"a list cannot hold {unknown}") from None
        if "\0" in literal:
            raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        return f"{{{literal}}}".encode()


def register(connection: Connection[Any]) -> None:
    """Send this connection's lists so."""
    connection.adapters.register_dumper(list, ArrayDumper)
