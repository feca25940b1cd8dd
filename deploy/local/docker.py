"""Whether a Docker engine is at hand."""

import functools
import hashlib
import shutil
import subprocess
from pathlib import Path


@functools.cache
def engine_answers() -> bool:
    """Whether `docker` is installed and an engine answers it: asked once."""
    return shutil.which("docker") is not None and _succeeds("docker", "version", "--format", "{{.Server.Version}}")


@functools.cache
def compose_answers() -> bool:
    """Whether the engine answers and the client knows `docker compose`."""
    return engine_answers() and _succeeds("docker", "compose", "version")


def project_name(folder: Path) -> str:
    """The compose project of the installation in `folder`: two checkouts do not share servers."""
    return f"civic-{hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:8]}"


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
