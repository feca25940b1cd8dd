"""A mail server for the tests, which speaks real SMTP."""

import asyncio
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import free_port


class Postbox:
    """A mail server that keeps what it gets; `answers` are said, in turn, to recipients and texts."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.mails: list[Envelope] = []
        self.recipient_answers: list[str] = []
        self.text_answers: list[str] = []
        self.hang_up = False
        self._controller: Controller | None = None

    def __enter__(self) -> Self:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller is not None
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient_answers and not (answer := self.recipient_answers.pop(0)).startswith("250"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if self.text_answers and not (answer := self.text_answers.pop(0)).startswith("250"):
            return answer
        self.mails.append(envelope)
        return "250 OK"
