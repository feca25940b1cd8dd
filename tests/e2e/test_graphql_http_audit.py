"""The gateway speaks GraphQL over HTTP as its specification says: every audit of npm's `graphql-http` is ok."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.system import StartedSystem

pytestmark = pytest.mark.e2e
FOLDER = Path(__file__).parent / "graphql_http_audit"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run in the audit's folder."""
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs node and npm")
def test_all_audits_are_ok(system: StartedSystem) -> None:
    if not (FOLDER / "node_modules" / "graphql-http").exists():
        installed = run("npm", "ci", "--no-audit", "--no-fund")
        assert installed.returncode == 0, installed.stderr
    audit = run("node", "audit.mjs", system.url)
    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert json.loads(audit.stdout.splitlines()[-1]) == {"total": 61, "ok": 61, "warn": 0, "error": 0}
