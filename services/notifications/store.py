"""Tables and queries of the notifications schema. Row-level security keeps every one of them to the council in hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.paging import newest_first
from services.notifications.model import Notice


class Base(DeclarativeBase):
    """Tables of this service."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


class Follow(Base):
    """What somebody follows; once per person, subject and key."""

    __tablename__ = "follows"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[UUID]
    subject: Mapped[str]
    key: Mapped[str]
    email: Mapped[bool]
    created_at: Mapped[datetime]


class Message(Base):
    """An inbox entry; once per person and fact."""

    __tablename__ = "messages"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str]
    key: Mapped[str]
    about: Mapped[UUID | None]
    dedupe_key: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Address(Base):
    """A person's e-mail address: there only for those who gave one."""

    __tablename__ = "addresses"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]


class Delivery(Base):
    """How far the e-mail of a message has come: waiting, sending, sent, refused or skipped."""

    __tablename__ = "deliveries"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    attempts: Mapped[int]
    changed_at: Mapped[datetime]


class Added(NamedTuple):
    """A new inbox entry, whose it is, and whether it is also to go out by e-mail."""

    id: UUID
    person: UUID
    email: bool


def follow(session: Session, row: dict[str, Any]) -> Follow:
    """Store what somebody follows, or change whether they want e-mail."""
    new = insert(Follow).values(row)
    stored = new.on_conflict_do_update(
        index_elements=["tenant_id", "person", "subject", "key"], set_={"email": new.excluded.email}
    ).returning(Follow)
    return session.scalars(stored, execution_options={"populate_existing": True}).one()


def unfollow(session: Session, person: UUID, follow_id: UUID) -> bool:
    """Forget what somebody followed; whether there was such a thing of theirs."""
    gone = delete(Follow).where(Follow.id == follow_id, Follow.person == person).returning(Follow.id)
    return session.execute(gone).one_or_none() is not None


def followed(session: Session, person: UUID, first: int, after: UUID | None) -> Sequence[Follow]:
    """A page of what a person follows, newest first."""
    return session.scalars(newest_first(select(Follow).where(Follow.person == person), Follow.id, first, after)).all()


# One statement for all notices and all their followers. `told` is one row per person and fact: the most telling key
# ("" sorts first), and e-mail if any of the follows wants it. In the order of persons, so that two of these at once
# wait for each other and do not deadlock.
_ADD = text(
    """
    WITH notices AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:subjects AS text[]), CAST(:keys AS text[]),
            CAST(:abouts AS uuid[]), CAST(:dedupe_keys AS text[]), CAST(:persons AS uuid[]))
            AS n (kind, subject, key, about, dedupe_key, person)
    ), told AS (
        SELECT f.person, n.dedupe_key, n.kind, n.subject, n.about, max(n.key) AS key, bool_or(f.email) AS email
        FROM notices n
        JOIN follows f ON f.tenant_id = :tenant AND f.subject = n.subject AND f.key = n.key
        WHERE n.person IS NULL OR n.person = f.person
        GROUP BY f.person, n.dedupe_key, n.kind, n.subject, n.about
    ), added AS (
        INSERT INTO messages (tenant_id, id, person, kind, subject, key, about, dedupe_key, created_at)
        SELECT :tenant, uuid_v7(), person, kind, subject, key, about, dedupe_key, :now
        FROM told ORDER BY person, dedupe_key
        ON CONFLICT (tenant_id, person, dedupe_key) DO NOTHING
        RETURNING id, person, dedupe_key
    )
    SELECT added.id, added.person, told.email AND addresses.person IS NOT NULL AS email
    FROM added
    JOIN told USING (person, dedupe_key)
    LEFT JOIN addresses ON addresses.tenant_id = :tenant AND addresses.person = added.person
    """
)


def add_messages(session: Session, tenant: UUID, notices: Sequence[Notice], now: datetime) -> list[Added]:
    """Put the notices into the inboxes of all who follow them and have not heard them before; what was put there."""
    rows = session.execute(
        _ADD,
        {
            "tenant": tenant,
            "now": now,
            "kinds": [n.kind for n in notices],
            "subjects": [n.subject for n in notices],
            "keys": [n.key for n in notices],
            "abouts": [n.about for n in notices],
            "dedupe_keys": [n.dedupe_key for n in notices],
            "persons": [n.person for n in notices],
        },
    )
    return [Added(*row) for row in rows]


def inbox(session: Session, person: UUID, first: int, after: UUID | None) -> Sequence[Message]:
    """A page of a person's messages, newest first."""
    return session.scalars(
        newest_first(select(Message).where(Message.person == person), Message.id, first, after)
    ).all()


def unread(session: Session, person: UUID) -> int:
    """How many messages a person has not read."""
    query = select(func.count()).where(Message.person == person, Message.read_at.is_(None))
    return session.scalars(query).one()


def mark_read(session: Session, person: UUID, ids: Sequence[UUID], now: datetime) -> Sequence[Message]:
    """Mark a person's messages as read, those that are not yet; all of them that are the person's, newest first."""
    session.execute(
        update(Message)
        .where(Message.id.in_(ids), Message.person == person, Message.read_at.is_(None))
        .values(read_at=now)
    )
    mine = select(Message).where(Message.id.in_(ids), Message.person == person).order_by(Message.id.desc())
    return session.scalars(mine).all()


def address(session: Session, person: UUID) -> str | None:
    """Where a person gets e-mail, or None."""
    return session.scalars(select(Address.email).where(Address.person == person)).one_or_none()


def set_address(session: Session, tenant: UUID, person: UUID, email: str | None) -> None:
    """Store, change or forget a person's address."""
    if email is None:
        session.execute(delete(Address).where(Address.person == person))
        return
    new = insert(Address).values(tenant_id=tenant, person=person, email=email)
    session.execute(
        new.on_conflict_do_update(index_elements=["tenant_id", "person"], set_={"email": new.excluded.email})
    )


def recipient(session: Session, message_id: UUID) -> tuple[bool, str | None]:
    """Whether there is such a message, and the address of the person it is for, if they have one now."""
    row = session.execute(
        select(Message.person, Address.email)
        .join(Address, (Address.tenant_id == Message.tenant_id) & (Address.person == Message.person), isouter=True)
        .where(Message.id == message_id)
    ).one_or_none()
    return (False, None) if row is None else (True, row.email)


def claim(session: Session, tenant: UUID, message_id: UUID, state: str, now: datetime) -> bool:
    """Take the e-mail of a message in hand; False where somebody else has, or where it is done."""
    new = insert(Delivery).values(tenant_id=tenant, message_id=message_id, state=state, attempts=1, changed_at=now)
    claimed = new.on_conflict_do_update(
        index_elements=["tenant_id", "message_id"],
        set_={"state": state, "attempts": Delivery.attempts + 1, "changed_at": now},
        where=Delivery.state == "waiting",
    )
    return session.execute(claimed.returning(Delivery.message_id)).one_or_none() is not None


def settle(session: Session, message_id: UUID, state: str, now: datetime) -> None:
    """Record what became of an e-mail that was claimed."""
    session.execute(update(Delivery).where(Delivery.message_id == message_id).values(state=state, changed_at=now))
