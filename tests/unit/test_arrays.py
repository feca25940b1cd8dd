"""Lists on their way to PostgreSQL; that it reads them so is proved by every test that stores something."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import DataError

from services.chassis.arrays import ArrayDumper


def dumped(value: list[Any]) -> str:
    return ArrayDumper(list).dump(value).decode()


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ([], "{}"),
        (["plain", "NULL", "", None], '{"plain","NULL","",NULL}'),
        (['a "word" \\ {,}', "’\n"], '{"a \\"word\\" \\\\ {,}","’\n"}'),
        ([UUID(int=1), None], "{00000000-0000-0000-0000-000000000001,NULL}"),
        ([1, -2, 10**30], "{1,-2,1000000000000000000000000000000}"),
        ([0.1, 1e-300], "{0.1,1e-300}"),
        ([True, False], "{t,f}"),
        ([b"\x00\xff"], '{"\\\\x00ff"}'),
        ([datetime(2026, 11, 24, 12, tzinfo=UTC)], '{"2026-11-24T12:00:00+00:00"}'),
    ],
)
def test_is_an_array_literal(value: list[Any], literal: str) -> None:
    assert dumped(value) == literal


@pytest.mark.parametrize("value", [["a\0b"], [object()], [["nested"]]])
def test_refuses_what_it_cannot_say(value: list[Any]) -> None:
    with pytest.raises(DataError):
        dumped(value)
