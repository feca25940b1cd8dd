"""The ways in to a questionnaire, and what each says about a response that came by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.surveys.model.form import COMMUNITY_GROUP, Form

WAYS = ("open", "signed_in", "personal_link", "group_link", "assisted", "paper")
"""What officers switch on for a questionnaire, each named as the mode of the responses that come by it."""
USUAL = ("open", "signed_in")
_ONE_EACH = frozenset({"assisted", "paper", "import"})

SHUT = {
    "open": "sign in, or use the link that you were given, to answer this",
    "signed_in": "use the link that you were given to answer this",
    "personal_link": "personal links are switched off for this questionnaire",
    "group_link": "group links are switched off for this questionnaire",
    "assisted": "answers that a worker enters are switched off for this questionnaire",
    "paper": "paper forms are switched off for this questionnaire",
}
NO_SUCH_LINK = (
    "this link does not work: it may have been used, or its time may be over; ask whoever gave it to you for a new one"
)
"""Said of every link that does not work, so that trying links out teaches nothing."""


@dataclass(slots=True)
class Link:
    """A link as it stands. `cap`: how many responses it takes in all (None: any number); `taken`: how many it took."""

    id: UUID
    questionnaire_id: UUID
    kind: str
    participant: UUID | None
    ends_at: datetime | None
    cap: int | None
    taken: int
    revoked: bool
    belongs_to: str | None = None

    def works(self, moment: datetime) -> bool:
        """Whether it still takes a response."""
        in_time = self.ends_at is None or moment < self.ends_at
        return in_time and not self.revoked and (self.cap is None or self.taken < self.cap)

    @property
    def way(self) -> str:
        """The way in that it is."""
        return f"{self.kind}_link"


def groups_by(link: Link | None, form: Form) -> dict[str, str]:
    """What a link says of those who come by it: the community group, where the form counts by it and knows this one."""
    attribute = form.attributes.get(COMMUNITY_GROUP)
    if link is None or link.kind != "group" or attribute is None or link.belongs_to not in attribute.categories:
        return {}
    return {COMMUNITY_GROUP: link.belongs_to}


def groups_kept(before: Mapping[str, str]) -> dict[str, str]:
    """What stays of a response's groups when its answers are corrected: it came by the link that it came by."""
    return {code: category for code, category in before.items() if code == COMMUNITY_GROUP}


def way_in(link: Link | None, person: UUID | None, by_hand: str | None = None) -> str:
    """The way that a response comes by: entered for somebody, by a link, signed in as `person`, or open."""
    if by_hand is not None:
        return by_hand
    if link is not None:
        return link.way
    return "open" if person is None else "signed_in"


def is_vouched(mode: str, person: UUID | None) -> bool:
    """Whether somebody answers for it that this is one person: a sign-in, a personal link, a worker, an officer."""
    return person is not None or mode in _ONE_EACH


def shut(mode: str, ways: Collection[str]) -> str | None:
    """Why nobody comes in by `mode` where these ways are switched on; None where the way is open."""
    return None if mode in ways else SHUT[mode]
