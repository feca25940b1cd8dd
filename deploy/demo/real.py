"""Real respondents through the whole system: submitted at the gateway, scored, released, read at the gateway."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deploy.demo import ess
from deploy.demo.ess import Respondent
from deploy.demo.graphql import Client, Figure
from deploy.errors import DeployError
from deploy.local.system import System
from deploy.operate.calls import Calls
from deploy.operate.forms import Desk
from deploy.operate.tenants import Tenants
from schemas.rpc import surveys
from schemas.rpc.base import ById

RELEASE_SECONDS = 120.0
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Seeded:
    """What came of it: responses sent just now (none where they had been), and the figures by area and by age band."""

    sent: int
    repeated: int
    by_area: list[Figure]
    by_age_band: list[Figure]


def seed(
    system: System,
    slug: str = ess.TENANT,
    say: Callable[[str], None] = lambda _: None,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Seeded:
    """Make the council, send everybody, close, and wait for the figures. Again, it adds nothing.

    Raises DeployError, and the errors of `schemas.errors`.
    """
    respondents = ess.respondents()
    tenant = _council(Tenants(system.provisioned.owner_url("platform")), slug)
    with Calls(system.provisioned.amqp_url("operator")) as calls:
        desk = Desk(calls, tenant, say)
        form = desk.open_questionnaire(ess.SLUG, ess.definition())
        desk.live_framework(ess.SLUG, ess.framework(form.id))
        sent = repeated = 0
        if form.status == "published":
            sent, repeated = asyncio.run(_send(system.gateway_url, slug, respondents, advance))
            say("Closing the questionnaire, which brings its figures out")
            desk.ask(surveys.close_questionnaire, ById(form.id))
    by_area, by_age_band = asyncio.run(_await_figures(system.gateway_url, slug, respondents))
    return Seeded(sent, repeated, by_area, by_age_band)


def _council(tenants: Tenants, slug: str) -> UUID:
    try:
        known = tenants.get(slug)
    except DeployError:
        tenants.create(slug, ess.NAME, ess.AREA, settings={"demonstration": True})
        known = tenants.get(slug)
    if not known["settings"].get("demonstration"):
        raise DeployError(f"'{slug}' is a council of its own, not a demonstration.", "Choose another --tenant.")
    tenants.import_areas(slug, ess.areas())
    return UUID(str(known["id"]))


def submission(questionnaire: str, respondent: Respondent) -> dict[str, Any]:
    """The input of `submitResponse` for one respondent; its key makes a second time harmless."""
    return {
        "questionnaireId": questionnaire,
        "idempotencyKey": f"ess9gb-respondent-{respondent.number}",
        "answers": [{"item": item, "number": answer} for item, answer in respondent.answers.items()],
        "consent": {"version": "1", "purposes": [ess.PURPOSE]},
        "area": respondent.region,
        "groups": [{"attribute": a, "category": c} for a, c in respondent.groups.items()],
    }


async def _send(
    url: str, slug: str, respondents: Sequence[Respondent], advance: Callable[[int, int], None]
) -> tuple[int, int]:
    counts = {True: 0, False: 0}

    def done(repeated: bool) -> None:
        counts[repeated] += 1
        advance(sum(counts.values()), len(respondents))

    async with Client(url, slug) as client:
        questionnaire, _ = await client.ids(ess.SLUG, ess.SLUG)
        await client.submit_all((submission(questionnaire, r) for r in respondents), done)
    return counts[False], counts[True]


async def _await_figures(url: str, slug: str, respondents: Sequence[Respondent]) -> tuple[list[Figure], list[Figure]]:
    """The figures, as soon as everybody is counted in them."""
    first, items = next(iter(ess.DOMAINS.items()))
    answered = sum(any(item in respondent.answers for item in items) for respondent in respondents)
    until = time.monotonic() + RELEASE_SECONDS
    async with Client(url, slug) as client:
        _, framework = await client.ids(ess.SLUG, ess.SLUG)
        while True:
            by_area = await client.figures(framework)
            if any((f.measure, f.area, f.n) == (first, None, answered) for f in by_area):
                return by_area, await client.figures(framework, "age_band")
            if time.monotonic() > until:
                raise DeployError(
                    f"The figures of {answered:,} people did not come out within {RELEASE_SECONDS:g} seconds.",
                    "`civic status` shows what waits; the same command again goes on.",
                )
            await asyncio.sleep(POLL_SECONDS)
