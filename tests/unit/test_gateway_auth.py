"""Tokens that hold, and every way in which one does not."""

import json
import time
import warnings
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey, OKPKey

from gateway import tracing
from gateway.auth import Tokens, Unauthenticated
from schemas.roles import Role

KEY = OKPKey.generate_key("Ed25519", {"kid": "one", "alg": "EdDSA", "use": "sig"})
OTHER = OKPKey.generate_key("Ed25519", {"kid": "one", "alg": "EdDSA", "use": "sig"})
PERSON, TENANT = uuid4(), uuid4()


def publish(path: Path, key: OKPKey) -> None:
    path.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    publish(tmp_path / "jwks.json", KEY)
    return Tokens(tmp_path / "jwks.json", "civic-local", "civic")


def sign(key: Any = KEY, alg: str = "EdDSA", **changed: Any) -> str:
    claims = {
        "iss": "civic-local",
        "aud": "civic",
        "sub": str(PERSON),
        "tenant": str(TENANT),
        "roles": ["resident"],
        "groups": ["walkers"],
        "iat": int(time.time()),
        "exp": int(time.time()) + 600,
        **changed,
    }
    claims = {k: v for k, v in claims.items() if v is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])


def test_a_good_token_says_who_calls(tokens: Tokens) -> None:
    for _ in range(2):
        identity = tokens.identify(sign())
        assert (identity.actor.person, identity.tenant) == (PERSON, TENANT)
        assert (identity.actor.roles, identity.actor.groups) == ((Role.RESIDENT,), ("walkers",))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody-else"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": None},
        {"exp": None},
        {"exp": 1},
        {"nbf": 99_999_999_999},
        {"sub": "not-an-id"},
        {"sub": None},
        {"tenant": None},
        {"tenant": "peterborough"},
        {"tenant": "*"},
        {"tenant": "*", "roles": ["platform", "admin"]},
        {"roles": ["emperor"]},
        {"roles": None},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(tokens: Tokens, changed: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        tokens.identify(sign(**changed))


def test_a_token_of_another_key_is_refused(tokens: Tokens) -> None:
    with pytest.raises(Unauthenticated, match="not valid"):
        tokens.identify(sign(OTHER))


def test_a_token_signed_with_the_public_key_as_a_password_is_refused(tokens: Tokens, tmp_path: Path) -> None:
    secret = OctKey.import_key((tmp_path / "jwks.json").read_bytes())
    with pytest.raises(Unauthenticated):
        tokens.identify(sign(secret, "HS256"))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.identify(token)


def test_the_host_may_come_to_any_council(tokens: Tokens) -> None:
    identity = tokens.identify(sign(tenant="*", roles=["platform"]))
    assert identity.tenant is None


def test_a_key_that_is_taken_away_takes_its_tokens_with_it(
    tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sign()
    tokens.identify(token)
    publish(tmp_path / "jwks.json.new", OTHER)
    (tmp_path / "jwks.json.new").rename(tmp_path / "jwks.json")
    monkeypatch.setattr("gateway.auth.KEYS_CHECKED_EVERY", 0.0)
    with pytest.raises(Unauthenticated):
        tokens.identify(token)
    assert tokens.identify(sign(OTHER)).actor.person == PERSON


def test_a_trace_is_taken_over_or_begun() -> None:
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    taken = tracing.traceparent(given)
    assert tracing.trace_id(taken) == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert taken != given
    assert taken.endswith("-01")
    for bad in (None, "", "nonsense", given.upper(), "00-" + "0" * 32 + "-00f067aa0ba902b7-01"):
        begun = tracing.traceparent(bad)
        assert len(begun) == 55
        assert tracing.trace_id(begun) not in (given, "0" * 32)
