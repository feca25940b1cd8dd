"""From a fact in one service to the inbox and the postbox of who follows it: real processes, broker and mail server."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.smtp import Envelope

from deploy.local.process import wait_until
from deploy.operate.calls import ANYBODY, Calls
from schemas.errors import Forbidden, Invalid, NotFound, Problem
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc import case_studies, directory, notifications
from schemas.rpc.base import ById, ByIds, PageRequest
from tests.support import running
from tests.support.postbox import Postbox

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def mail_port() -> int:
    return Postbox().port


@pytest.fixture(scope="module")
def services(provisioned: Any, tmp_path_factory: pytest.TempPathFactory, mail_port: int) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("telling")
    mail = {"smtp_host": "127.0.0.1", "smtp_port": str(mail_port), "smtp_from": "no-reply@example.org"}
    made = {
        name: running.make(provisioned, folder, name, **(mail if name == "notifications" else {}))
        for name in ("directory", "case_studies", "notifications")
    }
    with running.started(*made.values()):
        yield made


@pytest.fixture(scope="module")
def calls(provisioned: Any, services: dict[str, Any]) -> Iterator[Calls]:
    with Calls(provisioned.amqp_url("operator")) as opened:
        yield opened


def publish_entry(calls: Calls, council: Any, name: str = "Green Fingers") -> directory.Entry:
    ann = Actor(new_id(), (Role.RESIDENT,))
    new = directory.CreateEntry(kind="organisation", name=name, description="We dig.", tags=("garden",))
    entry = calls.call(directory.create_entry, new, council.id, ann)
    return calls.call(directory.publish_entry, ById(entry.id), council.id, ann)


def follower(calls: Calls, council: Any, email: str) -> Actor:
    ben = Actor(new_id(), (Role.RESIDENT,))
    calls.call(notifications.follow, notifications.Follow("tag", "garden", email=True), council.id, ben)
    calls.call(notifications.follow, notifications.Follow("case_studies", "hope"), council.id, ben)
    calls.call(notifications.set_email, notifications.SetEmail(email), council.id, ben)
    return ben


def inbox(calls: Calls, council: Any, person: Actor) -> list[Any]:
    found = calls.call(notifications.inbox, PageRequest(), council.id, person)
    return [(m.kind, m.key, m.about) for m in found.items]


def deliveries(provisioned: Any, council: Any, *states: str) -> int:
    """How many e-mails of the council are in one of these states."""
    with psycopg.connect(provisioned.admin_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM notifications.deliveries WHERE tenant_id = %s AND state = ANY (%s)",
            (council.id, list(states)),
        ).fetchone()
    assert row is not None
    return int(row[0])


def mails_to(postbox: Postbox, address: str) -> list[Envelope]:
    """What an address got; other tests' e-mails may be under way too."""
    return [mail for mail in postbox.mails if mail.rcpt_tos == [address]]


def test_a_listed_entry_reaches_inbox_and_postbox_once(
    calls: Calls, council: Any, other_council: Any, provisioned: Any, mail_port: int
) -> None:
    ben = follower(calls, council, "ben@example.org")
    elsewhere = follower(calls, other_council, "elsewhere@example.org")
    with Postbox(mail_port) as postbox:
        entry = publish_entry(calls, council)
        assert wait_until(lambda: deliveries(provisioned, council, "sent") == 1, 20)
        again = directory.UpdateEntry(id=entry.id, name="New", description="We plant.", tags=("garden",))
        calls.call(directory.update_entry, again, council.id, Actor(new_id(), (Role.OFFICER,)))
        # a later fact overtakes nothing: once it has arrived, so has all before it
        second = publish_entry(calls, council)
        assert wait_until(lambda: deliveries(provisioned, council, "sent") == 2, 20)
    assert inbox(calls, council, ben) == [
        ("entry_published", "garden", second.id),
        ("entry_published", "garden", entry.id),
    ]
    assert len(mails_to(postbox, "ben@example.org")) == 2
    assert mails_to(postbox, "elsewhere@example.org") == []
    assert inbox(calls, other_council, elsewhere) == []
    [found] = calls.call(directory.search, directory.SearchDirectory("planting"), council.id, ANYBODY).items
    assert (found.id, found.own) == (entry.id, False)


def test_e_mail_waits_for_a_mail_server_that_is_down(
    calls: Calls, council: Any, provisioned: Any, services: dict[str, Any], mail_port: int
) -> None:
    ben = follower(calls, council, "patient@example.org")
    publish_entry(calls, council)
    assert wait_until(lambda: deliveries(provisioned, council, "waiting") == 1, 20)
    assert len(inbox(calls, council, ben)) == 1
    with Postbox(mail_port) as postbox:
        assert wait_until(lambda: deliveries(provisioned, council, "sent") == 1, 30)
    assert len(mails_to(postbox, "patient@example.org")) == 1
    assert "patient@example.org" not in services["notifications"].running.log.read_text()


def test_a_service_killed_in_the_middle_tells_all_once(
    calls: Calls, council: Any, provisioned: Any, services: dict[str, Any], mail_port: int
) -> None:
    notifying = services["notifications"]
    ben = follower(calls, council, "killed@example.org")
    with Postbox(mail_port) as postbox:
        entries = [publish_entry(calls, council, f"Group {n}").id for n in range(10)]
        notifying.running.kill()
        entries += [publish_entry(calls, council, f"Group {n}").id for n in range(10, 20)]
        notifying.running.start()
        notifying.wait()
        assert wait_until(lambda: deliveries(provisioned, council, "sent") >= 19, 40)
        assert wait_until(lambda: deliveries(provisioned, council, "sent", "sending") == 20, 10)
    assert sorted(about for _, _, about in inbox(calls, council, ben)) == sorted(entries)
    # at most the one that was in hand when the process died is missing, and none is there twice
    texts = [mail.content or b"" for mail in mails_to(postbox, "killed@example.org")]
    keys = [line for text in texts for line in text.splitlines() if b"Message-ID" in line]
    assert len(keys) == len(set(keys))
    assert len(keys) >= 19


def test_a_published_story_reaches_who_follows_its_theme(calls: Calls, council: Any) -> None:
    ben = follower(calls, council, "ben@example.org")
    ann, officer = Actor(new_id(), (Role.RESIDENT,)), Actor(new_id(), (Role.OFFICER,))
    consent = case_studies.Consent("1", ("publication",))
    story = calls.call(
        case_studies.write, case_studies.WriteCaseStudy("My year", "…", consent, themes=("hope",)), council.id, ann
    )
    calls.call(case_studies.submit, ById(story.id), council.id, ann)
    with pytest.raises(Forbidden, match="your role does not allow this"):
        calls.call(case_studies.publish, ById(story.id), council.id, ann)
    calls.call(case_studies.publish, ById(story.id), council.id, officer)
    assert wait_until(lambda: inbox(calls, council, ben) == [("case_study_published", "hope", story.id)], 20)
    listed = calls.call(case_studies.list_case_studies, case_studies.ListCaseStudies(theme="hope"), council.id, ANYBODY)
    assert [s.id for s in listed.items] == [story.id]


def test_errors_cross_the_bus_in_their_words(calls: Calls, council: Any, other_council: Any) -> None:
    ann = Actor(new_id(), (Role.RESIDENT,))
    entry = publish_entry(calls, council)
    for tenant, entry_id in ((other_council.id, entry.id), (council.id, uuid4())):
        with pytest.raises(NotFound, match="there is no such entry"):
            calls.call(directory.withdraw_entry, ById(entry_id), tenant, ann)
    assert calls.call(directory.entries, ByIds((entry.id,)), other_council.id, ann).items == ()
    contact = directory.Contact(website="javascript:alert(1)")
    new = directory.CreateEntry(kind="leader", name="A", description="B", contact=contact)
    with pytest.raises(Invalid) as raised:
        calls.call(directory.create_entry, new, council.id, ann)
    assert [p.path for p in raised.value.problems] == [("contact", "website")]
    with pytest.raises(Forbidden):
        calls.call(directory.my_entries, PageRequest(), council.id, ANYBODY)


def test_text_that_no_database_takes_is_the_callers_mistake(calls: Calls, council: Any) -> None:
    new = directory.CreateEntry(kind="organisation", name="A\x00B", description="B")
    with pytest.raises(Invalid) as raised:
        calls.call(directory.create_entry, new, council.id, Actor(new_id(), (Role.RESIDENT,)))
    assert raised.value.problems == (Problem(("name",), "This has a character that is no text; take it out."),)
