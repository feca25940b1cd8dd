"""E-mails: one per message whatever happens, through a real SMTP conversation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from schemas import events
from schemas.errors import Unavailable
from schemas.events import envelop
from schemas.events.notifications import EmailDue
from schemas.events.scoring import ScoresUpdated
from schemas.rpc.notifications import Follow, SetEmail
from services.chassis.database import Database
from services.notifications import operations
from services.notifications.operations import PostOffice
from tests.integration.councils import Council, database_of
from tests.support.postbox import Postbox

pytestmark = pytest.mark.integration


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def database(provisioned: Any) -> Iterator[Database]:
    with database_of(provisioned.database_url("notifications"), "notifications") as opened:
        yield opened


@pytest.fixture
def council(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


def office(postbox: Postbox) -> PostOffice:
    return PostOffice("127.0.0.1", postbox.port, "no-reply@example.org", timeout=5)


def due(database: Database, council: Council, *, address: str = "ann@example.org") -> events.Envelope:
    """A message whose e-mail is due."""
    person = uuid4()
    with council.acting(person):
        operations.follow(database, Follow("own_scores", email=True))
        operations.set_email(database, SetEmail(address))
        fact = ScoresUpdated(person, uuid4(), uuid4(), 1)
        operations.take_facts(database, [envelop("scoring.scores_updated.v1", person, council.id, fact)])
    [email] = [e for e in council.told("notifications") if isinstance(e.data, EmailDue)]
    return email


def send(database: Database, council: Council, office: PostOffice, *due_now: events.Envelope) -> None:
    with council.acting(None):
        operations.send_emails(database, list(due_now), office)


def state(council: Council, event: events.Envelope) -> tuple[str, int] | None:
    with psycopg.connect(council.admin_url) as connection:
        return connection.execute(
            "SELECT state, attempts FROM notifications.deliveries WHERE message_id = %s", (event.data.message_id,)
        ).fetchone()


def test_an_e_mail_is_discreet_and_goes_out_once(database: Database, council: Council, postbox: Postbox) -> None:
    event = due(database, council)
    send(database, council, office(postbox), event, event)
    send(database, council, office(postbox), event)
    [mail] = postbox.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("no-reply@example.org", ["ann@example.org"])
    assert isinstance(mail.content, bytes)
    text = mail.content.decode()
    head, body = text.replace("\r\n", "\n").split("\n\n", 1)
    lines = dict(line.split(": ", 1) for line in head.splitlines())
    assert lines["Subject"] == "You have a new message"
    assert lines["From"] == "no-reply@example.org"
    assert lines["Message-ID"] == f"<{event.data.message_id}@example.org>"
    assert lines["Auto-Submitted"] == "auto-generated"
    assert "To stop these e-mails" in body
    for word in ("score", "survey", "council", "E05002169"):
        assert word not in text.lower()
    assert state(council, event) == ("sent", 1)


def test_many_share_a_connection(database: Database, council: Council, postbox: Postbox) -> None:
    emails = [due(database, council, address=f"p{n}@example.org") for n in range(5)]
    send(database, council, office(postbox), *emails)
    assert [m.rcpt_tos for m in postbox.mails] == [[f"p{n}@example.org"] for n in range(5)]


def test_a_refused_recipient_is_not_tried_again(database: Database, council: Council, postbox: Postbox) -> None:
    postbox.recipient_answers = ["550 no such user"]
    refused, fine = due(database, council, address="gone@example.org"), due(database, council)
    send(database, council, office(postbox), refused, fine)
    send(database, council, office(postbox), refused)
    assert [m.rcpt_tos for m in postbox.mails] == [["ann@example.org"]]
    assert (state(council, refused), state(council, fine)) == (("refused", 1), ("sent", 1))


@pytest.mark.parametrize("answers", ["recipient_answers", "text_answers"])
def test_a_passing_refusal_is_tried_again(database: Database, council: Council, postbox: Postbox, answers: str) -> None:
    setattr(postbox, answers, ["451 try later"])
    slow, fine = due(database, council, address="slow@example.org"), due(database, council)
    with pytest.raises(Unavailable, match="the mail server does not take e-mail at the moment"):
        send(database, council, office(postbox), slow, fine)
    assert (state(council, slow), state(council, fine)) == (("waiting", 1), ("sent", 1))
    send(database, council, office(postbox), slow)
    send(database, council, office(postbox), slow, fine)
    assert [m.rcpt_tos for m in postbox.mails] == [["ann@example.org"], ["slow@example.org"]]
    assert state(council, slow) == ("sent", 2)


def test_a_server_that_is_down_and_comes_up(database: Database, council: Council) -> None:
    postbox = Postbox()
    emails = [due(database, council, address=f"p{n}@example.org") for n in range(2)]
    with pytest.raises(Unavailable):
        send(database, council, office(postbox), *emails)
    assert [state(council, e) for e in emails] == [("waiting", 1), None]  # the second was not even begun
    for email in emails:
        with pytest.raises(Unavailable):
            send(database, council, office(postbox), email)
    with postbox:
        for email in emails:
            send(database, council, office(postbox), email)
    assert [m.rcpt_tos for m in postbox.mails] == [["p0@example.org"], ["p1@example.org"]]
    assert [state(council, e) for e in emails] == [("sent", 3), ("sent", 2)]


def test_what_may_have_gone_out_is_not_sent_again(database: Database, council: Council, postbox: Postbox) -> None:
    postbox.hang_up = True
    event = due(database, council)
    send(database, council, office(postbox), event)
    assert state(council, event) == ("sending", 1)
    postbox.hang_up = False
    send(database, council, office(postbox), event)
    assert postbox.mails == []
    assert state(council, event) == ("sending", 1)


def test_a_crash_after_sending_does_not_send_twice(
    database: Database, council: Council, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = due(database, council)

    class Crash(BaseException):
        """What kill -9 leaves behind: everything up to here is committed, nothing after it happens."""

    def crash(*_: object) -> None:
        raise Crash

    monkeypatch.setattr("services.notifications.store.settle", crash)
    with pytest.raises(Crash):
        send(database, council, office(postbox), event)
    monkeypatch.undo()
    send(database, council, office(postbox), event)
    assert len(postbox.mails) == 1
    assert state(council, event) == ("sending", 1)


def test_two_at_once_send_one(database: Database, council: Council, postbox: Postbox) -> None:
    emails = [due(database, council) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(send, database, council, office(postbox), *emails) for _ in range(4)]:
            done.result()
    assert len(postbox.mails) == 3
    assert [state(council, e) for e in emails] == [("sent", 1)] * 3


def test_nothing_is_sent_without_a_server_or_an_address(database: Database, council: Council, postbox: Postbox) -> None:
    unsent, forgotten = due(database, council), due(database, council)
    send(database, council, PostOffice(None, 25, "no-reply@example.org"), unsent)
    assert state(council, unsent) == ("skipped", 1)
    with psycopg.connect(council.admin_url) as connection:
        connection.execute("DELETE FROM notifications.addresses WHERE tenant_id = %s", (council.id,))
    send(database, council, office(postbox), forgotten, unsent)
    assert state(council, forgotten) == ("skipped", 1)
    unknown = envelop("notifications.email_due.v1", uuid4(), council.id, EmailDue(UUID(int=0)))
    send(database, council, office(postbox), unknown)
    assert postbox.mails == []


def test_addresses_stay_out_of_the_log(
    database: Database, council: Council, postbox: Postbox, capfd: pytest.CaptureFixture[str]
) -> None:
    postbox.recipient_answers = ["451 <ann@example.org> try later"]
    with pytest.raises(Unavailable) as raised:
        send(database, council, office(postbox), due(database, council))
    output = capfd.readouterr()
    assert "e-mail not handed over" in output.out
    assert "ann@example.org" not in output.out + output.err + str(raised.value)
