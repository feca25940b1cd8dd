"""SPSS files: the words of each column and of each value go along as labels."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from deploy.errors import DeployError
from deploy.exporting.columns import Column

MOST_VALUES = 50_000_000
"""Rows times columns. The format is written in one go, so all of it is in memory: this much is about two gigabytes."""
LONGEST_NAME = 64
LONGEST_LABEL = 255
LONGEST_VALUE_LABEL = 120
RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}


class Sav:
    """Gathers rows; `close` writes them."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._path = path
        self._columns = columns
        self._values: list[list[Any]] = [[] for _ in columns]

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """The next rows. Raises DeployError for more than fit into memory."""
        for row in rows:
            for values, value in zip(self._values, row, strict=True):
                values.append(value)
        if len(self._values) * len(self._values[0]) > MOST_VALUES:
            self._values = [[] for _ in self._columns]
            raise DeployError(
                "These are too many responses for one SPSS file.", "Give a name that ends in .parquet instead."
            )

    def close(self) -> None:
        """Write the file."""
        given = names([column.name for column in self._columns])
        frame = pd.DataFrame(
            {
                name: pd.Series(values, dtype="float64" if column.number else "str")
                for name, column, values in zip(given, self._columns, self._values, strict=True)
            }
        )
        pyreadstat.write_sav(
            frame,
            str(self._path),
            column_labels=[column.label[:LONGEST_LABEL] for column in self._columns],
            variable_value_labels={
                name: {value: words[:LONGEST_VALUE_LABEL] for value, words in column.labels}
                for name, column in zip(given, self._columns, strict=True)
                if column.labels
            },
            compress=True,
        )


def names(of: Sequence[str]) -> list[str]:
    """Names that SPSS takes, in order: letters, digits, dots and underscores, each one once whatever its capitals."""
    taken: set[str] = set()
    found = []
    for name in of:
        plain = re.sub(r"[^A-Za-z0-9._]", "_", name)
        plain = plain if plain[:1].isalpha() else f"q{plain}"
        plain = plain[: LONGEST_NAME - 4].rstrip(".")
        if plain.upper() in RESERVED:
            plain += "_"
        unique, number = plain, 2
        while unique.upper() in taken:
            unique, number = f"{plain}_{number}", number + 1
        taken.add(unique.upper())
        found.append(unique)
    return found
