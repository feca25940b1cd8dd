"""Free ports, and whether somebody answers on one."""

import contextlib
import http.client
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

HOST = "127.0.0.1"


def free_port(wanted: int = 0) -> int:
    """`wanted` if it is free on the loopback interface, else a port that is."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def remembered(
    path: Path, *names: str, wanted: Mapping[str, int] | None = None, in_use: bool = False
) -> dict[str, int]:
    """A port for each name: those in `path` as long as they are free, so that addresses stay; kept there.

    `in_use`: it is ourselves who listen there, so that they need not be free. `wanted` is tried the first time.
    """
    known: dict[str, int] = {**(wanted or {}), **(json.loads(path.read_text()) if path.exists() else {})}
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name, 0)
        if not (in_use and port):
            port = free_port(port)
            while port in ports.values():
                port = free_port()
        ports[name] = port
    path.write_text(json.dumps(ports))
    return ports


def answers(url: str, timeout: float = 1.0) -> bool:
    """Whether something accepts connections at a tcp:// URL, or says 200 at an http:// one."""
    parts = urlsplit(url)
    host, port = parts.hostname or HOST, parts.port or 80
    try:
        if parts.scheme == "tcp":
            with socket.create_connection((host, port), timeout):
                return True
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request("GET", parts.path or "/")
            return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def answers_amqp(port: int) -> bool:
    """Whether a broker on `port` greets: it listens a moment before it does."""
    try:
        with socket.create_connection((HOST, port), 2) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"
    except OSError:
        return False
