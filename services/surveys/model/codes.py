"""Codes that open something for whoever holds them. They are shown once; only their digests are kept."""

import hashlib
from base64 import b32encode
from typing import Literal

Kind = Literal["link", "saved", "receipt"]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit when somebody reads it out."""
GROUP = 4
DIGEST_BYTES = 16
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

BYTES: dict[Kind, int] = {"link": 20, "saved": 10, "receipt": 10}
"""Random bytes by kind: 32 letters for what a machine carries, 16 for what a person may have to type."""


def spell(random: bytes) -> str:
    """Random bytes (a multiple of 5) as letters and digits, in groups of four: ``K7QM-2XPA-09TD-HW4Z``."""
    if len(random) % 5:
        raise ValueError("a code is made of a multiple of five bytes")
    plain = b32encode(random).translate(_CROCKFORD).decode()
    return "-".join(plain[i : i + GROUP] for i in range(0, len(plain), GROUP))


def digest(kind: Kind, code: str) -> bytes:
    """What is kept of a code, and looked up by. Case, spaces, hyphens and letters that look alike make no difference.

    A code of one kind opens nothing of another. No salt: a code is random itself, 80 bits at the least.
    """
    plain = code.upper().translate(_ALIKE)
    return hashlib.sha256(f"{kind}:{plain}".encode()).digest()[:DIGEST_BYTES]
