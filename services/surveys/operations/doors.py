"""What comes with a submission and opens something: the token of a link, the code of saved answers."""

from collections.abc import Iterable
from uuid import UUID

from schemas.errors import NotFound
from schemas.ids import now
from schemas.rpc.surveys import SubmitResponse
from services.chassis.work import UnitOfWork
from services.surveys import model, store
from services.surveys.model import codes

NOTHING_SAVED = "nothing is saved under this code: it may have been sent, or its time may be over"


class Doors:
    """The links and saved answers that submissions of one transaction come with, locked for it.

    Asked only where there are any: who comes by the open way costs no question.
    """

    def __init__(self, work: UnitOfWork, requests: Iterable[SubmitResponse]) -> None:
        self._work = work
        asked = [r for r in requests if r.link is not None or r.continuation is not None]
        self._saved: dict[bytes, store.Saved] = {}
        self._by_digest: dict[bytes, model.Link] = {}
        self._links: dict[UUID, model.Link] = {}
        if not asked:
            return
        saved = [codes.digest("saved", r.continuation) for r in asked if r.continuation is not None]
        if saved:
            self._saved = {s.digest: s for s in store.lock_saved(work.session, saved)}
        tokens = [codes.digest("link", r.link) for r in asked if r.link is not None]
        remembered = [s.link_id for s in self._saved.values() if s.link_id is not None]
        if tokens or remembered:
            for row in store.lock_links(work.session, tokens, remembered):
                link = as_link(row)
                self._links[link.id] = self._by_digest[row.digest] = link

    def open(self, request: SubmitResponse) -> tuple[model.Link | None, UUID | None]:
        """The link that a submission comes by, and the id of the saved answers that it finishes.

        Both are used up by it, as far as they go. Raises NotFound, in the same words for every reason.
        """
        saved = None
        if request.continuation is not None:
            saved = self._saved.get(codes.digest("saved", request.continuation))
            if saved is None or saved.questionnaire_id != request.questionnaire_id or saved.expires_at <= now():
                raise NotFound(NOTHING_SAVED)
        link = None
        if request.link is not None:
            link = usable(self._by_digest.get(codes.digest("link", request.link)), request.questionnaire_id)
        elif saved is not None and saved.link_id is not None:
            link = usable(self._links.get(saved.link_id), request.questionnaire_id)
        if link is not None:
            link.taken += 1
        if saved is not None:
            del self._saved[saved.digest]
        return link, None if saved is None else saved.id

    def close(self, links: Iterable[UUID | None], saved: Iterable[UUID | None]) -> None:
        """Count what really was stored, and delete what was saved of it."""
        counts: dict[UUID, int] = {}
        for link_id in links:
            if link_id is not None and self._links[link_id].cap is not None:
                counts[link_id] = counts.get(link_id, 0) + 1
        if counts:
            store.count_links(self._work.session, counts)
        if sent := [id_ for id_ in saved if id_ is not None]:
            store.forget_saved(self._work.session, sent)


def as_link(row: store.Link) -> model.Link:
    """A link as the model knows it."""
    return model.Link(
        row.id,
        row.questionnaire_id,
        row.kind,
        row.participant_id,
        row.ends_at,
        row.cap,
        row.taken,
        row.revoked_at is not None,
        row.belongs_to,
    )


def usable(link: model.Link | None, questionnaire_id: UUID | None = None) -> model.Link:
    """The link, if it takes a response (to this questionnaire). Raises NotFound, in the same words for every reason."""
    if link is None or not link.works(now()) or questionnaire_id not in (None, link.questionnaire_id):
        raise NotFound(model.NO_SUCH_LINK)
    return link
