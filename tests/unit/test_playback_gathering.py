"""A picture is put together from a handful of calls, and from what there is where a service is away."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from gateway.context import Context
from gateway.scoring.playback.gathering import PictureSource, gather
from gateway.scoring.playback.mine import MyPicture
from gateway.scoring.playback.overview import Overview
from gateway.scoring.playback.wording import said_in
from schemas.errors import NotFound, Unavailable
from schemas.ids import now
from schemas.rpc import Method, directory
from schemas.rpc import scoring as rpc

FRAMEWORK, AREA = uuid4(), "E05002169"


class Answers(Context):
    """A context whose services answer from a table, and which keeps what was asked."""

    def __init__(self, domains: int, away: set[str] = frozenset(), area: str | None = AREA) -> None:  # type: ignore[assignment]
        self.codes = [f"d{number}" for number in range(domains)]
        self.away, self.area = away, area
        self.asked: list[tuple[str, Any]] = []

    async def call(self, method: Method[Any, Any], request: Any, deadline: float | None = None) -> Any:
        self.asked.append((method.routing_key, request))
        if method.routing_key in self.away:
            raise Unavailable("away")
        return getattr(self, method.name)(request)

    def my_scores(self, request: rpc.MyScores) -> rpc.PersonScoresList:
        scores = tuple(rpc.MeasureScore(code, code, 62.5) for code in (*self.codes, "index"))
        own = rpc.PersonScores(FRAMEWORK, 3, uuid4(), now(), scores, self.area, "autumn")
        return rpc.PersonScoresList((own,) if request.framework_id == FRAMEWORK else ())

    def framework_version(self, request: rpc.VersionRef) -> rpc.Framework:
        assert request.version == 3
        domains = tuple(rpc.Domain(code, code.title(), (), tags=(f"tag-{code}",)) for code in [*self.codes, "unscored"])
        definition = rpc.FrameworkDefinition("Capacity", uuid4(), domains)
        return rpc.Framework(FRAMEWORK, "capacity", 3, "live", definition, now(), now())

    def my_change(self, request: rpc.MyChange) -> rpc.PersonChange:
        assert request.after == "autumn"
        measures = tuple(rpc.MeasureChange(c, c, 50, 62.5, "more", 2.5, 9) for c in self.codes)
        return rpc.PersonChange(FRAMEWORK, 3, "spring", "autumn", now(), now(), measures)

    def figures(self, request: rpc.FiguresRequest) -> rpc.FigureList:
        assert request.wave == "autumn"
        hidden = rpc.Figure(FRAMEWORK, 3, "d0", "D0", AREA, None, None, True, None, None, now())
        council = msgspec.structs.replace(hidden, area=None, suppressed=False, n=40, score=50.4, low=44.6, high=55.2)
        near = msgspec.structs.replace(council, area=AREA, measure="d1", score=70.0, low=61.0, high=79.0)
        return rpc.FigureList((hidden, council, near, msgspec.structs.replace(council, measure="d1")))

    def suggest(self, request: directory.SuggestEntries) -> directory.Suggestions:
        assert (request.area, request.each) == (self.area, 3)
        return directory.Suggestions(tuple(tuple(_entry(tag) for tag in tags) for tags in request.subjects))


def _entry(tag: str) -> directory.Entry:
    return directory.Entry(
        uuid4(), "organisation", tag, "We.", "published", None, (tag,), directory.Contact(), None, False, now(), now()
    )


async def shown(context: Answers) -> MyPicture:
    found = await gather(context, FRAMEWORK)
    assert found is not None
    return MyPicture.of(found, said_in("en"))


@pytest.mark.parametrize("domains", [1, 3, 60])
async def test_five_calls_however_many_domains(domains: int) -> None:
    context = Answers(domains)
    assert len((await shown(context)).rows) == domains
    assert [key for key, _ in context.asked] == [
        "scoring.my_scores", "scoring.framework_version", "scoring.my_change", "scoring.figures", "directory.suggest",
    ]  # fmt: skip


async def test_what_stands_in_a_row() -> None:
    first, second, third = (await shown(Answers(3))).rows
    assert (first.title, first.score, first.level.value, first.level_name) == ("D0", 62.5, "good", "A good deal")
    assert first.change_words == "This has gone up since last time."
    assert first.around is not None
    assert (first.around.area, first.around.score) == (None, 50.4)
    assert first.around_words == "People in the whole council area are at about 50, most likely from 45 to 55."
    assert second.around_words == "People in your area are at about 70, most likely from 61 to 79."
    assert (third.around, third.around_words) == (
        None,
        "Other people's answers cannot be shown here. That keeps everybody safe.",
    )
    assert [entry.name for entry in third.links or ()] == ["tag-d2"]


async def test_without_an_area_the_council_stands_beside_it_and_no_area_does() -> None:
    context = Answers(2, area=None)
    rows = (await shown(context)).rows
    assert [row.around.area if row.around else "" for row in rows] == [None, None]
    [request] = [request for key, request in context.asked if key == "scoring.figures"]
    assert (request.areas, request.council) == (("",), True)


async def test_what_is_away_is_named_and_the_rest_is_shown() -> None:
    everything = {"scoring.my_change": "change", "scoring.figures": "figures", "directory.suggest": "directory"}
    for away in ({key} for key in everything):
        found = await shown(Answers(1, away))
        assert [s.name.lower() for s in found.away] == [everything[key] for key in away]
    found = await shown(Answers(1, set(everything)))
    assert found.away == [PictureSource.CHANGE, PictureSource.DIRECTORY, PictureSource.FIGURES]
    [row] = found.rows
    assert (row.score, row.change, row.around, row.links) == (62.5, None, None, None)
    assert row.around_words == "We cannot show other people's answers just now. Please look again later."
    assert "<circle" in found.picture
    with pytest.raises(Unavailable):
        await gather(Answers(1, {"scoring.my_scores"}), FRAMEWORK)


async def test_a_first_time_has_no_change_and_no_scores_no_picture() -> None:
    class First(Answers):
        def my_change(self, request: rpc.MyChange) -> rpc.PersonChange:
            raise NotFound("there are no two rounds")

    context = First(1)
    [row] = (await shown(context)).rows
    assert (row.change, row.change_words) == (None, None)
    assert await gather(context, uuid4()) is None


async def test_domains_without_tags_ask_the_directory_nothing() -> None:
    class Untagged(Answers):
        def framework_version(self, request: rpc.VersionRef) -> rpc.Framework:
            found = super().framework_version(request)
            bare = tuple(msgspec.structs.replace(d, tags=()) for d in found.definition.domains)
            return msgspec.structs.replace(found, definition=msgspec.structs.replace(found.definition, domains=bare))

    context = Untagged(2)
    assert [row.links for row in (await shown(context)).rows] == [[], []]
    assert "directory.suggest" not in [key for key, _ in context.asked]


class Desk(Answers):
    """What an officer's overview asks."""

    def needs(self, request: rpc.NeedsRequest) -> rpc.NeedList:
        return rpc.NeedList(
            FRAMEWORK, 3, "", "index", "Index", request.attribute, 0, 100, (), 500, 0.95, 0.2, 0.95, 0, 2, None, ()
        )

    def reliability(self, _: rpc.ReliabilityRequest) -> rpc.ReliabilityList:
        return rpc.ReliabilityList(())

    def trend(self, request: rpc.TrendRequest) -> rpc.FigureList:
        assert (request.area, request.measures) == (None, ())
        first = rpc.Figure(FRAMEWORK, 3, "d0", "D0", None, None, None, False, 12, 50.0, now(), wave="spring")
        later = [msgspec.structs.replace(first, measure=m, title=m.title(), wave="autumn") for m in ("d0", "d1")]
        return rpc.FigureList((first, *later))


async def test_an_overview_asks_four_times_at_most() -> None:
    context = Desk(0)
    found = await Overview.of(context, FRAMEWORK, "ward", "age_band", 5)
    assert [(key, getattr(r, "level", None), getattr(r, "attribute", None)) for key, r in context.asked] == [
        ("scoring.needs", "ward", None),
        ("scoring.reliability", None, None),
        ("scoring.trend", None, None),
        ("scoring.needs", None, "age_band"),
    ]
    assert (found.areas is not None, found.groups is not None, found.reliability, found.away) == (True, True, [], [])
    assert [(line.measure, [f.wave for f in line.figures]) for line in found.trend or ()] == [
        ("d0", ["spring", "autumn"]),
        ("d1", ["autumn"]),
    ]
    assert (await Overview.of(Desk(0), FRAMEWORK, None, None, 5)).groups is None


async def test_an_overview_without_what_is_away() -> None:
    found = await Overview.of(Desk(0, {"scoring.needs"}), FRAMEWORK, None, "age_band", 5)
    assert (found.areas, found.groups, found.away) == (None, None, [PictureSource.NEEDS])
    assert len(found.trend or ()) == 2
    found = await Overview.of(Desk(0, {"scoring.trend", "scoring.reliability"}), FRAMEWORK, None, None, 5)
    assert (found.trend, found.reliability) == (None, None)
    assert [source.name for source in found.away] == ["RELIABILITY", "TREND"]
