"""Consent by purpose, and its history."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.rpc.base import Message, Reply
from schemas.rpc.surveys.ways import Code

Purposes = Annotated[tuple[str, ...], msgspec.Meta(max_length=100)]


class ConsentStep(Reply, frozen=True):
    """What was agreed to from then on; `version` is that of the words that the person saw."""

    kind: Literal["given", "changed", "withdrawn"]
    version: str
    purposes: tuple[str, ...]
    recorded_at: datetime


class ChangeConsent(Message, frozen=True):
    """Agree to some purposes and refuse others, for a response of one's own; with neither, it only asks.

    `version`: of the words that the person saw.
    """

    response_id: UUID
    version: str = ""
    agree: Purposes = ()
    refuse: Purposes = ()


class ChangeConsentByCode(Message, frozen=True):
    """The same, by the code of the receipt."""

    code: Code
    version: str = ""
    agree: Purposes = ()
    refuse: Purposes = ()


class ConsentState(Reply, frozen=True):
    """What a response may be used for now, and how that came about, oldest first."""

    response_id: UUID
    questionnaire_id: UUID
    version: str
    purposes: tuple[str, ...]
    history: tuple[ConsentStep, ...]
