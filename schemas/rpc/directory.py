"""Calls to the directory service: who and what there is in the area, and finding it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import EVERYONE, PUBLIC
from schemas.rpc.base import ById, ByIds, Line, Message, Method, PageRequest, Reply, Slug

Kind = Literal["organisation", "support_group", "leader", "person", "funding"]
"""organisation; service or support group; community leader; person who wishes to be more active; funding."""
Status = Literal["draft", "published", "withdrawn"]
Description = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
Tags = Annotated[tuple[Slug, ...], msgspec.Meta(max_length=20)]


class Contact(Message, frozen=True):
    """How to get in touch, as it may be shown to everybody in the area."""

    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    telephone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    website: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    address: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class Funding(Message, frozen=True):
    """What a funding opportunity adds. Amounts are in pounds."""

    minimum: Annotated[float, msgspec.Meta(ge=0)] | None = None
    maximum: Annotated[float, msgspec.Meta(ge=0)] | None = None
    deadline: date | None = None


class CreateEntry(Message, frozen=True):
    """Add an entry as a draft. "leader" and "person" entries are about the caller and need `consent_to_list`."""

    kind: Kind
    name: Line
    description: Description
    area: str | None = None
    tags: Tags = ()
    contact: Contact = Contact()
    funding: Funding | None = None
    consent_to_list: bool = False


class UpdateEntry(Message, frozen=True):
    """Change an entry. Every field is set anew; its kind stays."""

    id: UUID
    name: Line
    description: Description
    area: str | None = None
    tags: Tags = ()
    contact: Contact = Contact()
    funding: Funding | None = None
    consent_to_list: bool = False


class Entry(Reply, frozen=True):
    """An entry. `own` is true for whoever added it."""

    id: UUID
    kind: Kind
    name: str
    description: str
    status: Status
    area: str | None
    tags: tuple[str, ...]
    contact: Contact
    funding: Funding | None
    own: bool
    created_at: datetime
    updated_at: datetime


class EntryList(Reply, frozen=True):
    """Entries; `next` is the cursor that continues after the last one, None at the end."""

    items: tuple[Entry, ...]
    next: str | None = None


class SearchDirectory(Message, frozen=True):
    """Published entries: the best match first where `text` is given, else the newest first."""

    text: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    kinds: tuple[Kind, ...] = ()
    area: str | None = None
    tags: Tags = ()
    first: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    after: str | None = None


class SuggestEntries(Message, frozen=True):
    """Published entries with any of the tags of each subject: in `area`, and those for the whole council."""

    subjects: Annotated[tuple[Tags, ...], msgspec.Meta(max_length=50)]
    area: str | None = None
    each: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3


class Suggestions(Reply, frozen=True):
    """For each subject in turn, `each` entries at most: those in the area first, then the newest."""

    items: tuple[tuple[Entry, ...], ...]


create_entry = Method("directory", "create_entry", CreateEntry, Entry, EVERYONE)
update_entry = Method("directory", "update_entry", UpdateEntry, Entry, EVERYONE)
publish_entry = Method("directory", "publish_entry", ById, Entry, EVERYONE)
withdraw_entry = Method("directory", "withdraw_entry", ById, Entry, EVERYONE)
entries = Method("directory", "entries", ByIds, EntryList, PUBLIC)
my_entries = Method("directory", "my_entries", PageRequest, EntryList, EVERYONE)
search = Method("directory", "search", SearchDirectory, EntryList, PUBLIC)
suggest = Method("directory", "suggest", SuggestEntries, Suggestions, PUBLIC)
