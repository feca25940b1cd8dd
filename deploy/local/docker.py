"""Whether a Docker engine is at hand."""

import functools
import shutil
import subprocess


@functools.cache
def engine_answers() -> bool:
    """Whether `docker` is installed and an engine answers it: asked once."""
    return shutil.which("docker") is not None and _succeeds("docker", "version", "--format", "{{.Server.Version}}")


@functools.cache
def compose_answers() -> bool:
    """Whether the engine answers and the client knows `docker compose`."""
    return engine_answers() and _succeeds("docker", "compose", "version")


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
