"""Bringing a file in: batches, one after the other, each settled before the next; cut short, it goes on where it was.

The surveys service keeps the mark of how far a file has come, in the transaction that stores the rows; the import's id
is made from the file and the mapping, and each row's key from that. So the worst that a cut can do is that the last
batch is sent once more, which stores nothing twice.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid5

from deploy.errors import DeployError
from deploy.importing.checks import faults_of
from deploy.importing.mapping import Mapping
from deploy.importing.reading import Reader
from deploy.importing.rejects import RejectsFile
from deploy.importing.sources import Source
from deploy.operate.calls import ANYBODY, OPERATOR, QUICK, Calls, patiently
from schemas.errors import NotFound
from schemas.rpc import surveys
from schemas.rpc.base import ById
from schemas.rpc.surveys import BySlug, Consent, ImportResponses, ImportRow, Questionnaire, Reject

BATCH = 1_000
T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """Rows read, those that could not be, and the number of the last one."""

    rows: tuple[ImportRow, ...]
    rejects: tuple[Reject, ...]
    last_row: int


@dataclass(frozen=True)
class Outcome:
    """How an import stands: rows in the file, responses taken of it in all and just now, and rows refused."""

    total: int
    taken: int
    taken_now: int
    rejected: int
    was_done: bool


@dataclass
class Import:
    """One file on its way into one questionnaire of one council."""

    calls: Calls
    tenant: UUID
    questionnaire: Questionnaire
    mapping: Mapping
    source: Source
    rejects: RejectsFile | None = None
    say: Callable[[str], None] = lambda _: None
    """Hears of delays."""
    advance: Callable[[int, int], None] = lambda _done, _total: None
    """Hears of how many rows have been dealt with, of how many."""
    seen: list[Reject] = field(default_factory=list)
    """The first rejects of this run, to show."""

    @property
    def id(self) -> UUID:
        """The same for the same file and mapping into the same questionnaire."""
        return uuid5(self.tenant, f"{self.questionnaire.id}:{self.source.digest}:{self.mapping.digest}")

    def check(self) -> None:
        """Raises DeployError naming everything that does not fit, before any row is read."""
        if self.questionnaire.status != "published":
            raise DeployError(f"The questionnaire '{self.questionnaire.slug}' is closed: it takes no more answers.")
        faults = faults_of(self.mapping, self.source.columns, self.questionnaire.definition)
        if faults:
            listed = "".join(f"\n- {fault}" for fault in faults)
            raise DeployError(f"Nothing was imported: the mapping does not fit.{listed}", "")

    def try_out(self) -> Outcome:
        """Read the whole file as it would be sent, and send nothing."""
        if self.rejects is not None:
            self.rejects.start(0)
        readable = 0
        for batch in self._batches(0):
            readable += len(batch.rows)
            self._settle(batch, ())
        return Outcome(self.source.total, readable, 0, self.source.total - readable, was_done=False)

    def run(self) -> Outcome:
        """Send what has not been taken yet.

        Raises DeployError, Unavailable when a service stays away, Invalid, Conflict (closed meanwhile), InternalError.
        """
        before = self._progress()
        if before.last_row >= self.source.total and self._listed(before.accepted):
            return self._outcome(before.accepted, 0, was_done=True)
        taken_now = self._pass(self._start(before.last_row))
        taken = self._progress().accepted
        if not self._listed(taken):
            # the file of rejects was not this import's, or was meddled with; sending all again stores nothing twice
            taken_now += self._pass(self._start(0))
        return self._outcome(taken, taken_now, was_done=False)

    def _pass(self, after: int) -> int:
        taken = 0
        self.advance(after, self.source.total)
        for batch in _ahead(self._batches(after)):
            sent = patiently(lambda batch=batch: self._send(batch), self.say)  # type: ignore[misc]
            taken += sent.accepted
            self._settle(batch, sent.rejects)
        return taken

    def _start(self, mark: int) -> int:
        """The row after which to begin: a batch before the mark, since its rejects may not have been written down."""
        after = max(0, mark - BATCH)
        if self.rejects is not None:
            after = after if self.rejects.exists else 0
            self.rejects.start(after)
        return after

    def _listed(self, taken: int) -> bool:
        """Whether every row that was not taken stands in the file of rejects, where one is wanted."""
        return self.rejects is None or (self.rejects.exists and self.rejects.count == self.source.total - taken)

    def _progress(self) -> surveys.ImportProgress:
        def ask() -> surveys.ImportProgress:
            return self.calls.call(surveys.import_progress, ById(self.id), self.tenant, OPERATOR, QUICK)

        return patiently(ask, self.say)

    def _send(self, batch: Batch) -> surveys.ImportOutcome:
        consent = Consent(self.mapping.consent.version, self.mapping.consent.purposes)
        request = ImportResponses(self.id, self.questionnaire.id, consent, batch.rows, batch.last_row)
        return self.calls.call(surveys.import_responses, request, self.tenant)

    def _settle(self, batch: Batch, refused: tuple[Reject, ...]) -> None:
        named = [Reject(r.row, self._reader.column_of(r.column), r.reason) for r in refused]
        rejects = sorted((*batch.rejects, *named), key=lambda r: r.row)
        if self.rejects is not None:
            self.rejects.add(rejects)
        self.seen += rejects[: max(0, 10 - len(self.seen))]
        self.advance(batch.last_row, self.source.total)

    def _outcome(self, taken: int, now: int, *, was_done: bool) -> Outcome:
        total = self.source.total
        return Outcome(total, taken, now, total - taken, was_done)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.mapping, self.questionnaire.definition, self.id)

    def _batches(self, after: int) -> Iterator[Batch]:
        reader = self._reader
        rows = self.source.rows(reader.columns, after)
        while piece := list(islice(rows, BATCH)):
            read = [reader.read(number, cells) for number, cells in piece]
            yield Batch(
                rows=tuple(r for r in read if isinstance(r, ImportRow)),
                rejects=tuple(reject for r in read if not isinstance(r, ImportRow) for reject in r),
                last_row=piece[-1][0],
            )


def find_questionnaire(calls: Calls, tenant: UUID, slug: str, say: Callable[[str], None]) -> Questionnaire:
    """The questionnaire as it is open to all. Raises DeployError where there is none, Unavailable."""

    def ask() -> Questionnaire:
        return calls.call(surveys.questionnaire_by_slug, BySlug(slug), tenant, ANYBODY, QUICK)

    try:
        return patiently(ask, say)
    except NotFound:
        raise DeployError(
            f"There is no published questionnaire '{slug}' in this council.", "Check --questionnaire and --tenant."
        ) from None


def _ahead(things: Iterator[T]) -> Iterator[T]:
    """The same things, the next of them being made while the last is dealt with."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, things, None)
        while (thing := coming.result()) is not None:
            coming = pool.submit(next, things, None)
            yield thing
