"""Tokens of the local issuer: for trying things out and for machines, until a council's own sign-in is connected."""

import json
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from deploy.errors import DeployError
from schemas.roles import Role

ISSUER = "civic-local"
AUDIENCE = "civic"
EVERY_TENANT = "*"


def issue(
    issuer: Path,
    tenant: UUID | str,
    person: UUID,
    roles: Iterable[Role],
    *,
    groups: Iterable[str] = (),
    hours: float = 12.0,
) -> str:
    """A signed token for `person` in the council with id `tenant`; `issuer` is the folder of the issuer's keys.

    Raises DeployError when the key is missing, or `tenant` is "*" and a role is not `platform`.
    """
    roles = tuple(roles)
    if tenant == EVERY_TENANT and set(roles) != {Role.PLATFORM}:
        raise DeployError(
            "Only the host's operator stands above all councils.", "Use the role platform, or name a council."
        )
    try:
        key = OKPKey.import_key(json.loads((issuer / "private.json").read_text()))
    except FileNotFoundError:
        raise DeployError("There is no signing key yet.", "`make up` makes one.") from None
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person),
        "tenant": str(tenant),
        "roles": [str(role) for role in roles],
        "groups": list(groups),
        "iat": now,
        "exp": now + int(hours * 3600),
    }
    header = {"alg": "EdDSA", "typ": "JWT", "kid": key.kid}
    with warnings.catch_warnings():
        # RFC 9864 renames this algorithm to Ed25519; every verifier in use knows it by the older name
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode(header, claims, key, algorithms=["EdDSA"])
