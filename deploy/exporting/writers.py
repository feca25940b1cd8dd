"""Files of responses, written page by page: a page is held in memory, and, but for SPSS files, never the whole."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from deploy.errors import DeployError
from deploy.exporting.columns import Column
from deploy.exporting.spss import Sav

KINDS = (".csv", ".parquet", ".sav")


class Writer(Protocol):
    """Takes rows."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """The next rows."""


class _Csv:
    def __init__(self, file: Any, columns: Sequence[Column]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._writer.writerows(rows)


class _Parquet:
    """The words of each column are in its field's metadata, as `label`."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._schema = pa.schema(
            [pa.field(c.name, pa.float64() if c.number else pa.string(), metadata={"label": c.label}) for c in columns]
        )
        self._file = pq.ParquetWriter(path, self._schema)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        arrays = [
            pa.array([row[n] for row in rows], field.type, from_pandas=False) for n, field in enumerate(self._schema)
        ]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._file.close()


@contextmanager
def writing(path: Path, columns: Sequence[Column]) -> Iterator[Writer]:
    """A writer for the path's kind. What was begun and not ended leaves no file. Raises DeployError."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise DeployError(f"{path} is no file that can be written.", "Give a name that ends in .csv, .parquet or .sav.")
    begun = path.with_name(f"{path.name}.part")
    try:
        if kind == ".csv":
            with begun.open("w", newline="", encoding="utf-8-sig") as file:
                yield _Csv(file, columns)
        else:
            with closing(_Parquet(begun, columns) if kind == ".parquet" else Sav(begun, columns)) as writer:
                yield writer
        begun.replace(path)
    except OSError as error:
        raise DeployError(f"{path} cannot be written: {error.strerror}.", "Give another name.") from None
    finally:
        begun.unlink(missing_ok=True)
