"""Files of responses, read as a stream however large they are: CSV and Parquet."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet
from pyarrow import ArrowException

from deploy.errors import DeployError

CHUNK = 1 << 20
BATCH = 4_096
BOM = b"\xef\xbb\xbf"
Cells = Sequence[Any] | str
"""The cells asked for, or, of a row that has not the right ones, what is wrong with it."""


class Source(Protocol):
    """A file. Rows are counted from 1, without the heading and without empty lines."""

    path: Path
    columns: tuple[str, ...]
    digest: str
    """SHA-256 of the file, in hex."""

    @property
    def total(self) -> int:
        """Its number of rows."""

    def rows(self, columns: Sequence[str], after: int = 0) -> Iterator[tuple[int, Cells]]:
        """The rows after number `after`, each with its number and these columns of it."""


def open_source(path: Path, delimiter: str = ",") -> Source:
    """Look through the whole file once, so that nothing in it can be a surprise later. Raises DeployError."""
    kind = path.suffix.lower()
    try:
        if kind == ".csv":
            return CsvSource(path, delimiter)
        if kind == ".parquet":
            return ParquetSource(path)
    except OSError as error:
        raise DeployError(f"{path} cannot be read: {error.strerror or error}.") from None
    raise DeployError(f"{path} is neither .csv nor .parquet.", "Save it as one of the two.")


class CsvSource:
    """Comma-separated values in UTF-8, with a heading."""

    def __init__(self, path: Path, delimiter: str) -> None:
        self.path = path
        self._delimiter = delimiter
        hashed = hashlib.sha256()
        records = self._records(hashed)
        self.columns = tuple(cell.strip() for cell in next(records, ()))
        if not self.columns:
            raise DeployError(f"{path} is empty.", "The first line must name the columns.")
        self._total = sum(1 for _ in records)
        self.digest = hashed.hexdigest()

    @property
    def total(self) -> int:
        """See Source."""
        return self._total

    def rows(self, columns: Sequence[str], after: int = 0) -> Iterator[tuple[int, Cells]]:
        """See Source."""
        places = [self.columns.index(column) for column in columns]
        width = len(self.columns)
        records = self._records()
        next(records)
        for row, record in enumerate(records, start=1):
            if row <= after:
                continue
            if len(record) == width:
                yield row, [record[place] for place in places]
            else:
                yield row, f"The row has {len(record)} cells where the heading has {width}."

    def _records(self, hashed: Any = None) -> Iterator[list[str]]:
        with self.path.open("rb") as file:
            reader = csv.reader(self._lines(file, hashed), delimiter=self._delimiter, strict=True)
            try:
                yield from (record for record in reader if record)
            except csv.Error as error:
                raise DeployError(f"{self.path}, line {reader.line_num}: {error}.", "Mend the file.") from None

    def _lines(self, file: Any, hashed: Any) -> Iterator[str]:
        before = 0
        for number, line in enumerate(file, start=1):
            if hashed is not None:
                hashed.update(line)
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                at = error.start
                raise DeployError(
                    f"{self.path}, line {number}, byte {at + 1} of it (byte {before + at + 1} of the file): "
                    f"0x{line[at]:02x} is not UTF-8.",
                    "Save the file as UTF-8.",
                ) from None
            before += len(line)
            yield text.removeprefix("\ufeff") if number == 1 else text


class ParquetSource:
    """Apache Parquet, one row group at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        with self._open() as parquet:
            self.columns = tuple(parquet.schema_arrow.names)
            self._groups = [parquet.metadata.row_group(i).num_rows for i in range(parquet.metadata.num_row_groups)]

    @property
    def total(self) -> int:
        """See Source."""
        return sum(self._groups)

    def rows(self, columns: Sequence[str], after: int = 0) -> Iterator[tuple[int, Cells]]:
        """See Source."""
        row = 0
        with self._open() as parquet:
            for group, size in enumerate(self._groups):
                if row + size <= after:
                    row += size
                    continue
                for batch in self._batches(parquet, group, columns):
                    by_name = {name: batch.column(name).to_pylist() for name in columns}
                    for cells in zip(*(by_name[name] for name in columns), strict=True):
                        row += 1
                        if row > after:
                            yield row, cells

    def _batches(self, parquet: Any, group: int, columns: Sequence[str]) -> Iterator[Any]:
        try:
            yield from parquet.iter_batches(BATCH, row_groups=[group], columns=list(columns))
        except ArrowException as error:
            raise DeployError(f"{self.path}, row group {group + 1}, cannot be read: {error}.") from None

    def _open(self) -> Any:
        try:
            return pyarrow.parquet.ParquetFile(self.path)
        except ArrowException as error:
            raise DeployError(f"{self.path} is not Parquet: {error}.") from None
