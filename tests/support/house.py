"""A council with something of everything in it, and the names by which a stranger might ask for it."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import httpx

from deploy.local.process import wait_until
from gateway.pages import cursor_of
from schemas.ids import new_id
from schemas.roles import Role
from tests.support.catalog import UUIDS, Dump, dump, ids
from tests.support.system import Council, StartedSystem

NO_AREA = "E05999999"
TOKENS = ("link_token", "saved_code", "saved_to_forget", "receipt_code", "code_to_withdraw")


@dataclass(frozen=True)
class Things:
    """What a council has, as clients name it. Each thing that a mutation uses up is there for that mutation alone."""

    questionnaire: str
    draft: str
    to_revise: str
    to_close: str
    second: str
    third: str
    """Questionnaires of their own for what Anna corrects and withdraws: of one, one response of hers counts."""
    framework: str
    framework_draft: str
    private: str
    run: str
    response: str
    to_correct: str
    to_withdraw: str
    wave: str
    link: str
    to_revoke: str
    participant: str
    link_token: str
    saved_code: str
    saved_to_forget: str
    receipt_code: str
    code_to_withdraw: str
    entry: str
    entry_draft: str
    entry_to_update: str
    entry_to_withdraw: str
    story: str
    story_draft: str
    story_to_edit: str
    story_in_review: str
    story_to_return: str
    story_to_withdraw: str
    following: str
    message: str
    import_id: str
    slug: str
    framework_slug: str
    tag: str
    theme: str
    word: str
    area: str
    cursor: str
    idempotency_key: str

    def never(self) -> "Things":
        """The same kinds of things, of which none ever was."""
        return Things(**{name: _never(name, value) for name, value in asdict(self).items()})


def global_id(kind: str, id_: UUID | None = None) -> str:
    """An id as clients have it; of nothing that is there, unless given."""
    return base64.b64encode(f"{kind}:{id_ or new_id()}".encode()).decode()


def inner(given: str) -> UUID:
    """The id that services know the thing by."""
    return UUID(base64.b64decode(given).decode().partition(":")[2])


def _never(name: str, value: str) -> str:
    if name == "area":
        return NO_AREA
    if name == "cursor":
        return cursor_of(new_id())
    if name in TOKENS:
        return new_id().hex
    if name in ("slug", "framework_slug", "tag", "theme", "word", "idempotency_key"):
        return f"x{new_id().hex}"
    if name == "import_id":
        return str(new_id())
    return global_id(base64.b64decode(value).decode().partition(":")[0])


def uuids_in(text: str) -> Iterator[UUID]:
    """Every UUID in a text, also within what is coded as base64 there: global ids and cursors."""
    yield from (UUID(found) for found in UUIDS.findall(text))
    for token in re.findall(r"[A-Za-z0-9_-]{24,}", text):
        try:
            plain = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
        yield from (UUID(found) for found in UUIDS.findall(plain))


@dataclass
class Voice:
    """Somebody who asks the gateway: with a token of one council, for another one if so wished."""

    system: StartedSystem
    http: httpx.Client
    council: Council
    roles: tuple[Role, ...] = ()
    person: UUID = field(default_factory=new_id)
    token_of: Council | None = None

    def __post_init__(self) -> None:
        signed_in = bool(set(self.roles) - {Role.ANONYMOUS})
        token = self.system.token(self.token_of or self.council, *self.roles, person=self.person) if signed_in else None
        self.headers = self.system.headers(self.council, token)

    def ask(self, document: str, variables: dict[str, Any]) -> httpx.Response:
        """The answer as it came."""
        asked = {"query": document, "variables": variables}
        return self.http.post(self.system.url, json=asked, headers=self.headers)

    def get(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        said = self.ask(document, variables).json()
        assert "errors" not in said, said
        return said["data"]

    def do(self, name: str, kind: str, payload: str, /, **given: Any) -> Any:
        """What a mutation gives where it goes well."""
        document = (
            f"mutation($i: {kind}!) {{ done: {name}(input: $i) {{ __typename ... on MutationError {{ message }} "
            f"... on InvalidError {{ problems {{ path message }} }} ... on {payload} }} }}"
        )
        done = self.get(document, i=given)["done"]
        assert done["__typename"] == payload.partition(" ")[0], (name, done)
        return done


@dataclass
class House:
    """A council, its people and its things."""

    system: StartedSystem
    council: Council
    anna: Voice
    officer: Voice
    admin: Voice
    nobody: Voice
    things: Things
    words: tuple[str, ...]
    """What stands in the texts and short names of this council and of no other."""
    _rested: Dump | None = None
    _last: Dump | None = None
    _ids: frozenset[UUID] | None = None

    def now(self) -> Dump:
        """Everything stored for the council."""
        return dump(self.system.provisioned, self.council.id)

    def rested(self) -> Dump:
        """The same once no news of it is on its way any more."""
        if self._rested is None:
            self._rested = until(self._still)
        return self._rested

    def disturbed(self) -> None:
        """Something was done in the council on purpose."""
        self._rested = self._ids = None

    def _still(self) -> Dump | None:
        before, self._last = self._last, self.now()
        on_its_way = any(rows for table, rows in self._last.items() if table.endswith(".outbox"))
        return self._last if not on_its_way and self._last == before else None

    def ids(self) -> frozenset[UUID]:
        """Every id there is in the council, except the people's own."""
        if self._ids is None:
            self._ids = ids(self.rested()) - {self.anna.person, self.officer.person}
        return self._ids

    def traces_in(self, text: str) -> set[Any]:
        """What of this council can be seen in a text."""
        return {w for w in self.words if w in text} | (self.ids() & set(uuids_in(text)))


def until(look: Callable[[], Any], seconds: float = 30) -> Any:
    """What `look` gives as soon as it gives anything."""
    found: list[Any] = []

    def come() -> bool:
        found.append(look())
        return bool(found[-1])

    assert wait_until(come, seconds, 0.1), "it did not come about in time"
    return found[-1]
