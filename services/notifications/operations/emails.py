"""E-mails, each sent once: claimed and committed before the mail server hears of it, settled after it has answered.

A crash between the two leaves the claim "sending", and so does a mail server that breaks off while it takes the text:
nobody can know then whether the mail went out. It is not sent again. The message is in the inbox anyway, and to get
the same mail twice would trouble an anxious reader more than to miss one.
"""

import smtplib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

import structlog

from schemas.errors import Unavailable
from schemas.events import Envelope
from schemas.ids import now
from services.chassis.database import Database
from services.notifications import model, store

log = structlog.get_logger()


@dataclass(frozen=True)
class PostOffice:
    """The mail server; without a `host`, nothing is sent."""

    host: str | None
    port: int
    sender: str
    timeout: float = 10.0

    @property
    def domain(self) -> str:
        """Where the sender is at home."""
        return self.sender.rpartition("@")[2]


class _Session:
    """A connection to the mail server, made when it is first needed and used for the whole batch."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office
        self._smtp: smtplib.SMTP | None = None
        self.away = False
        """Whether the server could not be reached: to ask it about the next mail would only take time."""

    def send(self, to: str, mail: EmailMessage) -> str:
        """Hand over one mail; the state of its delivery afterwards."""
        try:
            smtp = self._connected()
            _expect_thanks(smtp.mail(self._office.sender))
            answer = smtp.rcpt(to)
            if 500 <= answer[0] < 600:
                smtp.rset()
                return "refused"
            _expect_thanks(answer)
        except OSError as error:  # smtplib's errors among them
            return self._not_sent(error)
        try:
            _expect_thanks(smtp.data(mail.as_bytes(policy=SMTP)))
        except smtplib.SMTPResponseException as error:
            return self._not_sent(error)
        except OSError:
            log.warning("the mail server broke off; this e-mail may or may not have gone out")
            self.close()
            return "sending"
        return "sent"

    def close(self) -> None:
        """Say goodbye; the next mail gets a new connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except OSError:
                smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            office = self._office
            # our name is given, or smtplib would look it up, which can take longer than the mail
            self._smtp = smtplib.SMTP(office.host or "", office.port, office.domain, office.timeout)
            self._smtp.ehlo_or_helo_if_needed()
        return self._smtp

    def _not_sent(self, error: OSError) -> str:
        # its text can quote the address, its type and code cannot
        code = getattr(error, "smtp_code", None)
        log.warning("e-mail not handed over", error=type(error).__name__, code=code)
        self.away = code is None
        self.close()
        return "waiting"


def _expect_thanks(answer: tuple[int, bytes]) -> None:
    if answer[0] not in (250, 251):
        raise smtplib.SMTPResponseException(*answer)


def send_emails(database: Database, events: Sequence[Envelope], office: PostOffice) -> None:
    """Send the e-mails that are due and not yet claimed, one after the other.

    The deliveries themselves tell a repeat, and not `work.fresh`: an e-mail that could not be handed over must be tried
    again. Raises Unavailable when at least one could not, so that the chassis puts it off; the others are settled.
    """
    states = []
    with closing(_Session(office)) as session:
        for message_id in dict.fromkeys(event.data.message_id for event in events):
            to = _claim(database, message_id, configured=office.host is not None)
            if to is not None:
                states.append(session.send(to, _mail(office, message_id, to)))
                with database.unit_of_work() as work:
                    store.settle(work.session, message_id, states[-1], now())
            if session.away:
                break
    if "waiting" in states:
        raise Unavailable("the mail server does not take e-mail at the moment")


def _claim(database: Database, message_id: UUID, *, configured: bool) -> str | None:
    with database.unit_of_work() as work:
        known, to = store.recipient(work.session, message_id)
        if not known:
            return None  # erased since
        state = "sending" if configured and to is not None else "skipped"
        claimed = store.claim(work.session, work.tenant, message_id, state, now())
    return to if claimed and state == "sending" else None


def _mail(office: PostOffice, message_id: UUID, to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = office.sender
    mail["To"] = to
    mail["Subject"] = model.EMAIL_SUBJECT
    mail["Date"] = format_datetime(now())
    # made of the key, so that a mail server that gets it twice all the same can tell
    mail["Message-ID"] = f"<{message_id}@{office.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # or holiday replies would come back
    mail.set_content(model.EMAIL_BODY)
    return mail
