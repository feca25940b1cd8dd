"""A person's own scores played back: in words, in a picture, and with what it could lead to."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.directory.types import DirectoryEntry
from gateway.pages import global_id, uuid_of
from gateway.scoring.changes import Verdict
from gateway.scoring.playback.gathering import Gathered, PictureSource, gather
from gateway.scoring.playback.picture import Around, Row, draw
from gateway.scoring.playback.wording import Sentences, level_of, said_in, whole
from gateway.scoring.queries import FrameworkId
from gateway.scoring.reliability import ScoreWarning, warnings_of
from gateway.scoring.types import Figure
from gateway.surveys.instruments import LanguageState
from schemas.rpc import scoring as rpc


@strawberry.enum(description="Which part of 0 to 100 a score is in: a quarter each. A place on a line, and no label.")
class ScoreLevel(Enum):
    ROOM = "room"
    SOME = "some"
    GOOD = "good"
    PLENTY = "plenty"


@strawberry.enum(description="Which way a language is written.")
class WritingDirection(Enum):
    LTR = "ltr"
    RTL = "rtl"


@strawberry.type(description="One domain of a person's picture: a line of the drawing, a row of its table.")
class PictureRow:
    domain: str = strawberry.field(description="The domain's code.")
    title: str = strawberry.field(description="Its name, in the framework's own language.")
    score: float = strawberry.field(description="The person's score, from 0 to 100.")
    level: ScoreLevel = strawberry.field(description="The part of the range that it is in.")
    level_name: str = strawberry.field(description="Its name in words.")
    words: str = strawberry.field(description="A sentence about it.")
    change: Verdict | None = strawberry.field(description="The change since last time; null for a first time.")
    change_words: str | None = strawberry.field(description="The same in words.")
    around: Figure | None = strawberry.field(
        description="What is published of other people, with its interval: of the person's area, or of the whole "
        "council where the area's is held back. Null where neither may be shown."
    )
    around_words: str = strawberry.field(description="The same in words, or why nothing is shown.")
    warnings: list[ScoreWarning] = strawberry.field(description="Why the score should be read with care.")
    links: list[DirectoryEntry] | None = strawberry.field(
        description="A few things in the directory that have to do with it; null where the directory is away."
    )


@strawberry.type(description="A person's newest scores in words and as a picture. For nobody but the person.")
class MyPicture:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that they were counted by.")
    submitted_at: datetime = strawberry.field(description="When the response was sent.")
    area: str | None = strawberry.field(description="The response's area, by its GSS code.")
    wave: str = strawberry.field(description="The response's round of asking; empty where people are asked once.")
    language: str = strawberry.field(description="The language of the words: English where yours is not there yet.")
    language_state: LanguageState = strawberry.field(description="How far the words can be relied on.")
    direction: WritingDirection = strawberry.field(description="Which way it is written.")
    title: str = strawberry.field(description="What to call it.")
    rows: list[PictureRow] = strawberry.field(description="The domains that there is a score for.")
    picture: str = strawberry.field(description="The same as a drawing: an SVG that loads nothing from elsewhere.")
    away: list[PictureSource] = strawberry.field(description="What is missing now; ask again later.")

    @classmethod
    def of(cls, found: Gathered, said: Sentences) -> Self:
        own = found.own
        rows = [_row(found, said, domain) for domain in found.domains]
        return cls(
            framework_id=global_id("Framework", own.framework_id),
            framework_version=own.framework_version,
            submitted_at=own.submitted_at,
            area=own.area,
            wave=own.wave,
            language=said.language,
            language_state=LanguageState(said.state),
            direction=WritingDirection(said.direction),
            title=said.picture.title,
            rows=rows,
            picture=draw([_drawn(row) for row in rows], said, f"picture-{own.framework_id}"),
            away=sorted(found.away.sources, key=lambda source: source.name),
        )


def _row(found: Gathered, said: Sentences, domain: rpc.Domain) -> PictureRow:
    [own] = [s for s in found.own.scores if s.measure == domain.code]
    level, change = level_of(own.score), found.change.get(domain.code)
    around = _around(found, domain.code)
    return PictureRow(
        domain=domain.code,
        title=domain.title,
        score=own.score,
        level=ScoreLevel(level),
        level_name=said.bands[level].label,
        words=said.bands[level].words,
        change=Verdict(change.verdict) if change else None,
        change_words=said.changes[change.verdict] if change else None,
        around=around,
        around_words=said.around.away if found.figures is None else _around_words(around, said),
        warnings=warnings_of(own.warnings),
        links=None if found.links is None else [DirectoryEntry.of(e) for e in found.links.get(domain.code, ())],
    )


def _around(found: Gathered, measure: str) -> Figure | None:
    figures = [(found.figures or {}).get((area, measure)) for area in dict.fromkeys((found.own.area, None))]
    return next((Figure.of(f) for f in figures if f is not None and not f.suppressed), None)


def _around_words(around: Figure | None, said: Sentences) -> str:
    if around is None or around.score is None or around.low is None or around.high is None:
        return said.around.held_back
    sentence = said.around.council if around.area is None else said.around.area
    return sentence.format(score=whole(around.score), low=whole(around.low), high=whole(around.high))


def _drawn(row: PictureRow) -> Row:
    a = row.around
    shown = None if a is None or a.score is None or a.low is None or a.high is None else Around(a.score, a.low, a.high)
    return Row(row.title, row.score, shown, f"{row.words} {row.around_words}")


@strawberry.type
class MyPictureQuery:
    @strawberry.field(
        description="The caller's newest scores by a framework, in words and as a picture, beside what is published of "
        "other people, and with links into the directory. Null where there are no scores yet."
    )
    async def my_picture(
        self,
        info: Info,
        framework_id: FrameworkId,
        language: Annotated[str, strawberry.argument(description="A language's code: en, cy, pl or ur.")] = "en",
    ) -> MyPicture | None:
        found = await gather(info.context, uuid_of(framework_id, "Framework", "frameworkId"))
        return MyPicture.of(found, said_in(language)) if found else None
