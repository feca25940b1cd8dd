"""Who calls: a signed token (JWT, EdDSA) is checked against the issuer's public keys."""

import time
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec
import structlog
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from schemas.roles import Actor, Role

log = structlog.get_logger()
# RFC 9864 renames EdDSA on this curve to Ed25519; issuers of both kinds are about
ALGORITHMS = ["EdDSA", "Ed25519"]
REMEMBERED = 4_096
KEYS_CHECKED_EVERY = 5.0
ANONYMOUS = Actor(person=None, roles=(Role.ANONYMOUS,))
"""A caller without a token."""


class Unauthenticated(Exception):
    """The token is missing, malformed, out of time or not ours. The message is safe to show."""


class _Claims(msgspec.Struct):
    sub: UUID
    tenant: str
    exp: int | float
    roles: tuple[Role, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller whose token held: the actor, the council the token is for (None: any, for the host), its end."""

    actor: Actor
    tenant: UUID | None
    expires: float


class Tokens:
    """Checks tokens, and remembers for a while those that held, since a client sends the same one many times."""

    def __init__(self, jwks_file: Path, issuer: str, audience: str) -> None:
        self._file = jwks_file
        self._keys: KeySet | None = None
        self._stamp: tuple[int, int] | None = None
        self._checked = 0.0
        self._known: dict[bytes, Identity] = {}
        self._rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            tenant={"essential": True},
        )

    def _load(self) -> None:
        now = time.monotonic()
        if self._keys is not None and now - self._checked < KEYS_CHECKED_EVERY:
            return
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._stamp:
                self._keys = KeySet.import_key_set(msgspec.json.decode(self._file.read_bytes()))
                self._stamp = stamp
                # a key that was taken away takes its tokens with it
                self._known.clear()
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            log.warning("public keys not readable", error=type(error).__name__)
        self._checked = now

    def identify(self, token: str) -> Identity:
        """The caller that the token speaks for. Raises Unauthenticated."""
        self._load()
        key = sha256(token.encode()).digest()
        identity = self._known.get(key)
        if identity is None:
            identity = self._verify(token)
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = identity
        if identity.expires <= time.time():
            self._known.pop(key, None)
            raise Unauthenticated("the token has expired; sign in again")
        return identity

    def _verify(self, token: str) -> Identity:
        if self._keys is None:
            raise Unauthenticated("tokens cannot be checked at present")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)
                decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            self._rules.validate(decoded.claims)
            claims = msgspec.convert(decoded.claims, _Claims)
            tenant = None if claims.tenant == "*" else UUID(claims.tenant)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            expired = "expired" in type(error).__name__.lower()
            raise Unauthenticated(
                "the token has expired; sign in again" if expired else "the token is not valid; sign in again"
            ) from None
        if tenant is None and claims.roles != (Role.PLATFORM,):
            raise Unauthenticated("the token names no council; sign in again")
        return Identity(Actor(claims.sub, claims.roles, claims.groups), tenant, float(claims.exp))
