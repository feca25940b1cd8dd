"""The file of rejected rows: row, column, reason. It is complete whenever a batch has been dealt with."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from deploy.errors import DeployError
from schemas.rpc.surveys import Reject

HEADING = ("row", "column", "reason")


class RejectsFile:
    """Rejects, appended batch by batch; a run that was cut short is gone on with, and no row stands there twice."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is such a file."""
        return self.path.exists()

    @property
    def count(self) -> int:
        """The rows rejected, however many reasons each has. Raises DeployError where the file is something else."""
        return len({record[0] for record in self._read()})

    def start(self, keep_up_to: int) -> None:
        """Keep what is there of rows up to this number; the others will be written again.

        Raises DeployError where the file cannot be written, or is something else.
        """
        kept = [record for record in self._read() if int(record[0]) <= keep_up_to] if self.exists else []
        try:
            # a half-written last line, of a run that was killed, goes
            beside = self.path.with_name(self.path.name + ".new")
            beside.write_text(_lines([HEADING, *kept]), encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            raise DeployError(f"{self.path} cannot be written: {error.strerror}.") from None

    def add(self, rejects: Iterable[Reject]) -> None:
        """Write these down, for good, before the next batch is begun."""
        lines = _lines((str(r.row), r.column, r.reason) for r in rejects)
        if lines:
            with self.path.open("a", encoding="utf-8", newline="") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())

    def _read(self) -> list[list[str]]:
        text = self.path.read_bytes().decode(errors="replace")
        records = list(csv.reader(io.StringIO(text[: text.rfind("\n") + 1])))
        if records[:1] != [list(HEADING)] or not all(len(r) == len(HEADING) and r[0].isdigit() for r in records[1:]):
            raise DeployError(f"{self.path} is no file of rejected rows.", "Give another name with --rejects.")
        return records[1:]


def _lines(records: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([cell.replace("\n", " ") for cell in record] for record in records)
    return text.getvalue()
