"""A real browser, and Node: found on this machine, or installed from Debian's packages where the tests may do that."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from deploy.local.install import apt_install

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def node() -> str:
    """The path of Node. Raises DeployError where it is missing and cannot be installed."""
    return _found(("node", "nodejs"), "nodejs")


def chromium() -> str:
    """The path of Chromium. Raises DeployError where it is missing and cannot be installed."""
    return _found(CHROMIUM, "chromium")


def _found(names: tuple[str, ...], package: str) -> str:
    def first() -> str | None:
        return next((path for name in names if (path := shutil.which(name))), None)

    if path := first():
        return path
    apt_install(package, print)
    path = first()
    assert path, f"{package} was installed, and is not on PATH"
    return path


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window. No sandbox of its own, since tests may run as root; it sees test pages only."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield started
        finally:
            await started.close()
