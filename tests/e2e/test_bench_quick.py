"""The benchmark runs, and writes what it promises. How fast it is, a test cannot say: other tests run beside it."""

import json
import math
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.running import ROOT

KEYS = {"area", "what", "figure", "unit", "reference", "ratio", "goal", "holds"}


@pytest.mark.e2e
@pytest.mark.slow
def test_the_short_form_measures_everything(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--results", str(kept)],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(kept.read_text())
    assert Counter(row["area"] for row in rows) == {
        "ingest": 6,
        "freshness": 6,
        "query": 2,
        "growth": 6,
        "framework": 7,
    }
    for row in rows:
        assert row.keys() == KEYS
        assert row["what"] in done.stdout
        assert row["unit"] in {"responses/s", "requests/s", "ms", "MB", "steps"}
        assert math.isfinite(row["figure"])
        assert row["figure"] > 0
        assert (row["reference"] is None) == (row["ratio"] is None)
        assert (row["goal"] is None) == (row["holds"] is None)
        assert row["ratio"] is None or row["ratio"] > 0
    assert [row["what"] for row in rows if row["goal"] is not None] == [
        "import, against R0",
        "import, against R1",
        "GraphQL, not signed in, against R0",
        "GraphQL, signed in, against R0",
        "submit → own score by subscription, p50",
        "submit → own score by subscription, p99",
        "one more response, 200 stored; dearest to cheapest",
        "one more response, 3 councils; dearest to cheapest",
        "one more response, 12,000 stored",
        "peak memory of the scoring service, 12,030 stored",
    ]
