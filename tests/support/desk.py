"""An operator's desk for the tests of `civic import`: a file, a mapping, and the command as a process."""

import csv
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.integration.conftest import TestCouncil
from tests.support import running

WARDS = ("E05002169", "E05002170", "E05002171")
MAPPING = {
    "consent": {"version": "1", "purposes": ["service_improvement"]},
    "missing": ["", "NA"],
    "items": {
        "speak": {"column": "Q1", "missing": [99]},
        "alone": {"column": "Q2", "values": {"Never": 1, "Sometimes": 3, "Always": 5}},
        "vote": {"column": "Q3", "values": {"1": "yes", "2": "no", "8": "dont_know"}},
        "more": "Q4",
    },
    "groups": {
        "age_band": {
            "column": "age",
            "bands": [
                {"category": "16-39", "from": 16, "to": 39},
                {"category": "40-64", "from": 40, "to": 64},
                {"category": "65+", "from": 65},
            ],
        },
        "gender": {"column": "sex", "values": {"f": "female", "m": "male"}},
    },
    "area": {"column": "ward", "codes": dict(zip(("Barnack", "North", "South"), WARDS, strict=True))},
    "person": "id",
    "submitted_at": "when",
}
COLUMNS = ("id", "when", "ward", "age", "sex", "Q1", "Q2", "Q3", "Q4")
GOOD = ("NHS-4711", "2026-03-01T10:00:00+00:00", "Barnack", "42", "f", "7", "Never", "1", "Thank you, all")


@dataclass
class Desk:
    """An operator's desk: a council with an open questionnaire, a folder, and the command."""

    council: TestCouncil
    questionnaire_id: uuid.UUID
    folder: Path
    home: Path
    admin_url: str

    def write(self, name: str, *rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    def mapping(self, **changes: Any) -> Path:
        path = self.folder / "mapping.json"
        path.write_text(json.dumps({**MAPPING, **changes}))
        return path

    def command(self, file: Path, *options: str, mapping: Path | None = None) -> list[str]:
        return [
            sys.executable, "-c", "from deploy.cli.main import app; app()", "import", "responses", str(file),
            "--tenant", self.council.slug, "--questionnaire", "taking-part",
            "--mapping", str(mapping or self.mapping()), *options,
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return {"CIVIC_HOME": str(self.home), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}

    @contextmanager
    def started(self, *arguments: Any, **options: Any) -> Iterator[subprocess.Popen[str]]:
        """The command under way; what is left of it is ended with the test."""
        with subprocess.Popen(
            self.command(*arguments, **options),
            env=self._environment(),
            cwd=running.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: Any, **options: Any) -> tuple[int, str]:
        """The exit code, and all that was said."""
        with self.started(*arguments, **options) as process:
            said, _ = process.communicate(timeout=120)
            return process.returncode, said

    def query(self, text: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin_url) as connection:
            return connection.execute(text, (self.council.id,)).fetchall()

    def stored(self) -> list[tuple[Any, ...]]:
        """What the database holds: row, answers, area, groups, person, time."""
        rows = self.query(
            "SELECT split_part(idempotency_key, ':', 3)::int, answers, area, groups, person_id, submitted_at "
            "FROM surveys.responses WHERE tenant_id = %s ORDER BY 1"
        )
        return [tuple(row) for row in rows]

    def mark(self) -> int:
        query = "SELECT coalesce(sum(last_row), 0)::int FROM surveys.imports WHERE tenant_id = %s"
        return int(self.query(query)[0][0])
