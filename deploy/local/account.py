"""Under whose name the servers run, and where such an account can keep data."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import DeployError


@dataclass(frozen=True)
class Account:
    """An existing operating-system account without special rights."""

    name: str
    uid: int
    gid: int


def unprivileged(*preferred: str) -> Account | None:
    """The first of `preferred` that exists, else `nobody`; None when we are not root and simply stay who we are.

    PostgreSQL refuses to run as root, and a broker need not. Nothing is created: only accounts that are there are used.
    """
    if os.geteuid() != 0:
        return None
    for name in (*preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise DeployError("Servers do not run as root, and there is no account 'nobody'.", "Start as an ordinary user.")


def can_traverse(folder: Path, account: Account) -> bool:
    """Whether `account` may reach what lies in `folder`: it needs the x bit on every folder above it."""
    path = folder.absolute()
    for part in (path, *path.parents):
        try:
            info = part.stat()
        except FileNotFoundError:
            continue
        bit = stat.S_IXOTH
        if info.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif info.st_gid == account.gid:
            bit = stat.S_IXGRP
        if not info.st_mode & bit:
            return False
    return True


def data_folder(wanted: Path, account: Account | None) -> Path:
    """`wanted`, made if need be, or a folder below /var/tmp keyed by its path where `account` cannot reach `wanted`.

    Raises DeployError when the folder in /var/tmp is somebody else's: anybody may create names there.
    """
    if account is None or can_traverse(wanted, account):
        folder = wanted
    else:
        key = hashlib.sha256(str(wanted.absolute()).encode()).hexdigest()[:12]
        folder = Path("/var/tmp") / f"civic-{key}"  # noqa: S108 -- checked below for being ours
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    info = folder.lstat()
    if folder != wanted and (not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid()):
        raise DeployError(f"{folder} is not ours.", "Remove it, or move the checkout to where 'nobody' can reach it.")
    return folder


def own(folder: Path, account: Account | None) -> Path:
    """Make `folder` private to `account`."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def write_private(path: Path, text: str, account: Account | None = None, mode: int = 0o600) -> None:
    """Write a file that nobody but `account` reads: never readable by others, not even for a moment."""
    scratch = path.with_name(f"{path.name}.new")
    scratch.unlink(missing_ok=True)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        if account is not None:
            os.fchown(file.fileno(), account.uid, account.gid)
        os.fchmod(file.fileno(), mode)
    scratch.replace(path)
