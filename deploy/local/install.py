"""Installing a server from the distribution's packages without letting the package start it."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.errors import DeployError

POLICY = Path("/usr/sbin/policy-rc.d")
DENY = "#!/bin/sh\n# Put here by civic while it installs a package, so that the package starts no service.\nexit 101\n"


def apt_install(package: str, echo: Callable[[str], None]) -> None:
    """Install a Debian package as root; `echo` hears what is being done. Raises DeployError with apt's last lines."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise DeployError(f"{package} is not installed.", f"Install the package '{package}' (apt, dnf or brew).")
    with no_service_starts():
        echo("Reading the lists of packages (apt-get update)")
        _apt("update")
        echo(f"Installing {package} (apt-get install)")
        _apt("install", "--yes", "--no-install-recommends", package)


def _apt(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise DeployError(f"apt-get {arguments[0]} failed:", last)


@contextlib.contextmanager
def no_service_starts(policy: Path = POLICY) -> Iterator[None]:
    """While this lasts, packages start no service; whatever policy the machine had comes back afterwards."""
    kept: Path | None = None
    if policy.is_symlink() or policy.exists():
        kept = policy.with_name(f"{policy.name}.before-civic")
        policy.rename(kept)
    try:
        handle, scratch = tempfile.mkstemp(dir=policy.parent)
        with os.fdopen(handle, "w") as file:
            file.write(DENY)
        Path(scratch).chmod(0o755)
        Path(scratch).replace(policy)
        yield
    finally:
        policy.unlink(missing_ok=True)
        if kept is not None:
            kept.rename(policy)
