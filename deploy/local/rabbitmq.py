"""A private RabbitMQ server, 3.10 or newer, from installed binaries; installed with apt where that is possible."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psutil

from deploy.errors import DeployError
from deploy.local import account as accounts
from deploy.local.install import apt_install
from deploy.local.ports import HOST, answers, answers_amqp, remembered
from deploy.local.process import Program, Running, identify, kill, wait_until
from schemas import topology

# Debian's /usr/sbin/rabbitmq-server insists on being root or 'rabbitmq' and on that account's folders: go behind it
SCRIPTS = (Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),)
CONFIG = """\
listeners.tcp.1 = {host}:{port}
load_definitions = {definitions}
log.console = true
log.console.level = info
log.file = false
disk_free_limit.absolute = 50MB
# Quorum queues share a write-ahead log; 512 MiB, the default, is a lot for one machine
raft.wal_max_size_bytes = 67108864
"""


def find_script() -> Path | None:
    """The script that starts RabbitMQ and obeys RABBITMQ_* alone."""
    found = (*SCRIPTS, *(Path(at) for at in (shutil.which("rabbitmq-server"),) if at))
    return next((path for path in found if path.exists()), None)


def ensure_installed(echo: Callable[[str], None] = print) -> Path:
    """`find_script`, after installing the package where it is missing. Raises DeployError with what to install."""
    script = find_script()
    if script is None:
        apt_install("rabbitmq-server", echo)
        script = find_script()
    if script is None or _epmd() is None:
        raise DeployError("RabbitMQ is not installed.", "Install 'rabbitmq-server' with Erlang, or give AMQP_URL.")
    return script


def _epmd() -> str | None:
    beside = sorted(str(path) for path in Path("/usr/lib/erlang").glob("erts-*/bin/epmd"))
    return shutil.which("epmd") or (beside[-1] if beside else None)


class RabbitMQServer:
    """One broker with data below `folder`: node, cookie, ports and port mapper of its own, on the loopback interface.

    `definitions` are loaded at every start, so that everything stands before the first client comes.
    """

    def __init__(self, folder: Path, passwords: Mapping[str, str], *, die_with_parent: bool = False) -> None:
        self._script = ensure_installed()
        self._account = accounts.unprivileged("rabbitmq")
        self.folder = accounts.data_folder(folder, self._account) / "rabbitmq"
        self._passwords = passwords
        self._die_with_parent = die_with_parent
        self._epmd_running: Running | None = None
        self._running: Running | None = None
        self._ports: dict[str, int] = {}
        self.log = self.folder.with_name("rabbitmq.log")

    def url(self, user: str) -> str:
        """Where `user` signs in; known once the server is prepared."""
        return f"amqp://{user}:{quote(self._passwords[user], safe='')}@{HOST}:{self._ports['amqp']}/{topology.VHOST}"

    @property
    def pid(self) -> int | None:
        """The number of the running Erlang machine."""
        return self._running.identity.pid if self._running and self._running.identity else None

    def prepare(self, *, in_use: bool = False) -> tuple[Program, Program]:
        """Write the configuration, settle the ports, and tell how to start the port mapper and the server.

        `in_use`: it may run already, so that the ports stay as they are.
        """
        accounts.own(self.folder, self._account)
        names = ("amqp", "dist", "epmd")
        self._ports = remembered(self.folder.with_name("rabbitmq.ports.json"), *names, in_use=in_use)
        definitions = self.folder / "definitions.json"
        config = CONFIG.format(host=HOST, port=self._ports["amqp"], definitions=definitions)
        self._write("rabbitmq.conf", config)
        self._write("definitions.json", json.dumps(topology.definitions(self._passwords)))
        self._write("enabled_plugins", "[].\n")
        self._write("rabbitmq-env.conf", "")
        if not (self.folder / ".erlang.cookie").exists():
            self._write(".erlang.cookie", secrets.token_hex(20), mode=0o400)
        for name in ("mnesia", "log"):
            accounts.own(self.folder / name, self._account)
        common: dict[str, Any] = {"env": self._env(), "cwd": str(self.folder), "account": self._account}
        epmd = Program(
            name="epmd",
            argv=(str(_epmd()), "-port", str(self._ports["epmd"]), "-address", HOST),
            grace=2,
            stage=1,
            ready=f"tcp://{HOST}:{self._ports['epmd']}",
            **common,
        )
        server = Program(
            name="rabbitmq",
            argv=(str(self._script),),
            grace=60,
            stage=2,
            ready=f"tcp://{HOST}:{self._ports['amqp']}",
            **common,
        )
        return epmd, server

    def _write(self, name: str, text: str, mode: int = 0o600) -> None:
        accounts.write_private(self.folder / name, text, self._account, mode)

    def _env(self) -> dict[str, str]:
        folder = self.folder
        node = f"civic-{self._ports['dist']}@localhost"
        return {
            "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._ports["epmd"]),
            "ERL_EPMD_ADDRESS": HOST,
            "RABBITMQ_NODENAME": self._kept_node(node),
            "RABBITMQ_DIST_PORT": str(self._ports["dist"]),
            "RABBITMQ_NODE_IP_ADDRESS": HOST,
            "RABBITMQ_NODE_PORT": str(self._ports["amqp"]),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the server instead of watching over it: the process we start is the broker itself
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _kept_node(self, proposed: str) -> str:
        """The data belong to a node's name: it is chosen once."""
        path = self.folder / "node"
        if not path.exists():
            self._write("node", proposed)
        return path.read_text()

    def start(self) -> None:
        """Start the broker and wait until it takes connections. Raises DeployError when it does not."""
        epmd, server = self.prepare()
        self._epmd_running = Running(epmd, self.log, self._die_with_parent)
        self._running = Running(server, self.log, self._die_with_parent)
        self._run()

    def _run(self) -> None:
        mapper, running = self._epmd_running, self._running
        if mapper is None or running is None:
            raise DeployError("The broker was never started.", "Call start() first.")
        mapper.start()
        wait_until(lambda: answers(mapper.program.ready), 5)
        running.start()
        if not wait_until(lambda: not running.is_running() or self.is_ready(), 120, pause=0.1):
            raise DeployError("RabbitMQ does not answer.", f"Its log is {self.log}")
        if not running.is_running():
            raise DeployError("RabbitMQ stopped while starting.", f"Its log is {self.log}")

    def is_ready(self) -> bool:
        """Whether it takes AMQP connections."""
        return answers_amqp(self._ports["amqp"])

    def stop(self) -> None:
        """Stop the broker and its port mapper, if they run."""
        for running in (self._running, self._epmd_running):
            if running is not None:
                running.stop()
        if self._ports:
            end_stray_mappers(self._ports["epmd"])

    def kill(self) -> None:
        """End the broker as `kill -9` does; its port mapper stays."""
        if self._running is not None:
            self._running.kill()

    def restart(self) -> None:
        """Start again after `stop` or `kill`, or instead of them, on the same port."""
        if self._running is not None:
            self._running.stop()
        self._run()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def end_stray_mappers(port: int) -> None:
    """End a port mapper that RabbitMQ itself started on our port while ours was away; no other has our port."""
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "epmd":
            continue
        try:
            ours = process.environ().get("ERL_EPMD_PORT") == str(port)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
        known = identify(process.pid)
        if ours and known is not None:
            kill(known)
