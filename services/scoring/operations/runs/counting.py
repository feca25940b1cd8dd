"""The run behind a new framework version: it is counted beside the one that counts, and then takes its place.

What is in the new version's sums at any moment is exactly what the responses up to `counted_to` give. A chunk is worked
out without holding anybody up. Only then are responses kept out, for as long as it takes to look what changed among the
chunk's since they were read, and to move `counted_to` in the transaction that writes the sums. Whoever takes responses
shares that lock: they move the new version's sums too for a response up to `counted_to`, and leave those behind it to
the run. So one that arrives, is corrected or is withdrawn meanwhile is neither missed nor counted twice.
"""

import time
from collections.abc import Iterable
from uuid import UUID

from schemas.errors import Conflict, NotFound
from schemas.ids import now
from services.chassis.work import UnitOfWork
from services.scoring import model, store
from services.scoring.operations.compiled import compiled
from services.scoring.operations.instruments import refuse_unlicensed
from services.scoring.operations.releasing import release_version
from services.scoring.operations.runs.kind import Kind, Page, State, register
from services.scoring.operations.taking import contribution

FRAMEWORK = "framework"
BREATH = 200
"""Responses between two breaths, so that other work of this process is not held up for a whole chunk."""


@register
class Counting(Kind):
    """Count every stored response by the draft, then let it take the place of the version that counts."""

    name = FRAMEWORK

    def choose(self, work: UnitOfWork, framework_id: UUID) -> store.FrameworkVersion:
        """The draft. Raises NotFound, Conflict where there is none, Invalid where an instrument may not be used."""
        newest = store.lock_newest(work.session, framework_id)
        if newest is None:
            raise NotFound("there is no such framework")
        if newest.status == "counting":
            raise Conflict(f"version {newest.version} is being counted; wait until it is live, or stop its run")
        if newest.status != "draft":
            raise Conflict(f"version {newest.version} is {newest.status}; revise it first to make a new version live")
        refuse_unlicensed(work, newest)
        return newest

    def start(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State:
        """From now on it does not change. Whoever is compared with must be known before anybody is scored."""
        framework.status, framework.counted_by, framework.counted_to = "counting", run.id, None
        framework.reference = None
        work.session.flush()
        compared = model.compared_in(framework.definition)
        return {"reference": {code: model.Tally().raw for code in compared}} if compared else {}

    def passes(self, framework: store.FrameworkVersion) -> int:
        """One more where scores compare people."""
        return 2 if model.compared_in(framework.definition) else 1

    def step(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion, page: Page) -> State:
        """Add a chunk's sums, corrected by what happened to its responses while they were added up."""
        if "reference" in run.state:
            return {"reference": self._tallied(work, framework, run.state["reference"], page.responses)}
        sums: dict[model.Cell, model.Sums] = {}
        self._add(work, framework, sums, page.responses)
        taken = {r.response_id: r for r in page.responses}
        store.lock_questionnaires(work.session, work.tenant, [framework.questionnaire_id], alone=True)
        stored = store.response_versions(work.session, framework.questionnaire_id, page.after, page.to)
        moved = {i for i, version in stored.items() if i not in taken or taken[i].response_version != version}
        self._add(work, framework, sums, (r for i, r in taken.items() if i in moved or i not in stored), sign=-1)
        if moved:
            self._add(work, framework, sums, store.responses_by_ids(work.session, moved))
        store.add_to_cells(work.session, framework, {cell: change for cell, change in sums.items() if change})
        framework.counted_to = page.to
        work.session.flush()
        return run.state

    def finish(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> State | None:
        """Take the place of the version before, and of its figures, in the transaction of the last chunk."""
        if "reference" in run.state:
            framework.reference = self._frozen(run.state["reference"])
            work.session.flush()
            return {}
        before = store.version(work.session, framework.framework_id, "live")
        if before is not None:
            before.status = "replaced"
            work.session.flush()
        framework.status, framework.live_since = "live", now()
        work.session.flush()
        known = store.questionnaires(work.session, framework.questionnaire_id)
        finished = bool(known) and all(q.closed for q in known)
        if finished or any(q.release == "live" for q in known):
            release_version(work, framework.framework_id, framework.version)
        return None

    def abandon(self, work: UnitOfWork, run: store.Run, framework: store.FrameworkVersion) -> None:  # noqa: ARG002
        """A draft again, as if it had never been counted."""
        store.lock_questionnaires(work.session, work.tenant, [framework.questionnaire_id], alone=True)
        store.drop_cells(work.session, framework)
        framework.status, framework.counted_by, framework.counted_to = "draft", None, None
        framework.reference = None

    @staticmethod
    def _tallied(
        work: UnitOfWork, framework: store.FrameworkVersion, before: State, responses: Iterable[store.Change]
    ) -> State:
        tallies = {code: model.Tally(raw) for code, raw in before.items()}
        for count, response in enumerate(responses):
            if count % BREATH == 0:
                time.sleep(0)  # as below
            if response.submitted_at is not None:
                by = compiled(work, framework, response.questionnaire_version)
                for code, score in by.compared(response.values).items():
                    tallies[code].add(score)
        return {code: tally.raw for code, tally in tallies.items()}

    @staticmethod
    def _frozen(reference: State) -> State:
        for code, raw in reference.items():
            if raw["n"] < model.LEAST:
                domain, _, indicator = code.partition(".")
                raise Conflict(
                    f'indicator "{indicator}" of domain "{domain}" compares people, and needs the answers of '
                    f"{model.LEAST} to compare with; there are {raw['n']}. Choose min_max until more have come"
                )
        return reference

    @staticmethod
    def _add(
        work: UnitOfWork,
        framework: store.FrameworkVersion,
        sums: dict[model.Cell, model.Sums],
        responses: Iterable[store.Change],
        sign: int = 1,
    ) -> None:
        for count, response in enumerate(responses):
            if count % BREATH == 0:
                time.sleep(0)  # cooperative in a service, where eventlet has replaced it
            given = contribution(work, framework, response)
            if given is not None:
                model.add(sums, given.cells(), sign)
