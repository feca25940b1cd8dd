"""Work in a process of its own: what takes seconds, or reads what a stranger sent, runs beside the service.

The service goes on answering meanwhile, and a file that asks for too much time or memory ends its own process only. The
process knows no password: it gets bytes, gives bytes, and sees nothing of the service's surroundings.
"""

import importlib
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable

AT_ONCE = 2
SECONDS = 20
MEMORY = 1024 * 1024 * 1024
_places = threading.BoundedSemaphore(AT_ONCE)


class TooMuch(Exception):
    """The work took more time or memory than it may."""


def apart(work: Callable[[bytes], bytes], given: bytes) -> bytes:
    """What `work`, a function of a module, makes of the bytes. Raises TooMuch; waits while others are at it."""
    named = f"{work.__module__}:{work.__qualname__}"
    surroundings = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LANG": "C.UTF-8"}
    command = [sys.executable, "-W", "ignore", "-m", "services.chassis.apart", named]
    with _places:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings
        )
        try:
            found, _ = process.communicate(given, timeout=2 * SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise TooMuch(named) from None
    if process.returncode:
        raise TooMuch(named)
    return bytes(found)


def main(named: str) -> None:
    """The other side: limit ourselves, then work on what comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    module, _, function = named.partition(":")
    work: Callable[[bytes], bytes] = getattr(importlib.import_module(module), function)
    sys.stdout.buffer.write(work(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main(sys.argv[1])
