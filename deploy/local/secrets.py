"""Passwords and signing keys of a local installation: made once, kept in files that only their owner reads."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from joserfc.jwk import KeySet, OKPKey

from deploy.local.account import write_private
from schemas import topology

OWNERS: tuple[str, ...] = tuple(f"{service}_owner" for service in (*topology.SERVICES, "platform"))
LOGINS: tuple[str, ...] = (*OWNERS, *topology.SERVICES, "gateway")


@dataclass(frozen=True)
class Secrets:
    """Passwords by name: of PostgreSQL's roles, of the broker's users, and of a private PostgreSQL's administrator."""

    postgres: dict[str, str]
    rabbitmq: dict[str, str]
    postgres_admin: str

    @classmethod
    def generate(cls) -> Self:
        """New ones."""
        return cls(
            {role: secrets.token_urlsafe(24) for role in LOGINS},
            {user: secrets.token_urlsafe(24) for user in topology.USERS},
            secrets.token_urlsafe(24),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Those in `path`; what is missing there is made and added."""
        fresh = cls.generate()
        known = json.loads(path.read_text()) if path.exists() else {}
        merged = cls(
            {**fresh.postgres, **known.get("postgres", {})},
            {**fresh.rabbitmq, **known.get("rabbitmq", {})},
            known.get("postgres_admin", fresh.postgres_admin),
        )
        if asdict(merged) != known:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, json.dumps(asdict(merged), indent=1))
        return merged


def ensure_issuer(folder: Path) -> Path:
    """Make the local issuer's Ed25519 key unless it is there; gives the file of public keys, `jwks.json`."""
    private, public = folder / "private.json", folder / "jwks.json"
    if not private.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
        write_private(private, json.dumps(key.as_dict(private=True)))
    key = OKPKey.import_key(json.loads(private.read_text()))
    write_private(public, json.dumps(KeySet([key]).as_dict(private=False)), mode=0o644)
    return public
