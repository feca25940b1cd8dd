"""Scales: measures with a range of their own, as GraphQL shows and takes them."""

from __future__ import annotations

from typing import Literal, Self, cast

import strawberry

from schemas.rpc import scoring as rpc


@strawberry.type(description="A part of a scale's range.")
class Band:
    code: str = strawberry.field(description="Its code, such as high.")
    label: str = strawberry.field(description="Its name.")
    lowest: float = strawberry.field(description="Where it begins; it ends where the next one does.")
    words: str | None = strawberry.field(description="A sentence for the person whose score it is.")

    @classmethod
    def of(cls, b: rpc.Band) -> Self:
        return cls(code=b.code, label=b.label, lowest=b.lowest, words=b.words)


@strawberry.type(description="A question that counts towards a scale.")
class ScaleItem:
    code: str = strawberry.field(description="The question's code.")
    minimum: float = strawberry.field(description="The lowest answer that the scale is written for.")
    maximum: float = strawberry.field(description="The highest answer that the scale is written for.")
    direction: int = strawberry.field(description="1, or -1 where the answer is turned round first.")


@strawberry.type(description="A measure with a range of its own, by the rule of an instrument's authors.")
class Scale:
    code: str = strawberry.field(description="Its code, as figures and scores name it.")
    title: str = strawberry.field(description="Its name.")
    items: list[ScaleItem] = strawberry.field(description="The questions.")
    method: str = strawberry.field(description="sum, mean, or table: the sum looked up in a table.")
    table: list[float] = strawberry.field(description="For a table: the score for each sum, from the lowest sum on.")
    minimum: float = strawberry.field(description="The lowest possible score.")
    maximum: float = strawberry.field(description="The highest possible score.")
    minimum_items: int = strawberry.field(description="How many questions must have been answered.")
    direction: int = strawberry.field(description="1, or -1 where a high score is not the good end.")
    bands: list[Band] = strawberry.field(description="The parts of its range, if its authors give any.")
    instrument: str | None = strawberry.field(description="The instrument in the library that it comes from.")
    instrument_version: int | None = strawberry.field(description="Which version of the instrument.")

    @classmethod
    def of(cls, s: rpc.Scale) -> Self:
        return cls(
            code=s.code,
            title=s.title,
            items=[
                ScaleItem(code=i.code, minimum=i.minimum, maximum=i.maximum, direction=i.direction) for i in s.items
            ],
            method=s.method,
            table=list(s.table),
            minimum=s.minimum,
            maximum=s.maximum,
            minimum_items=s.minimum_items or len(s.items),
            direction=s.direction,
            bands=[Band.of(b) for b in s.bands],
            instrument=s.instrument,
            instrument_version=s.instrument_version,
        )


@strawberry.input(description="A part of a scale's range.")
class BandInput:
    code: str = strawberry.field(description="Its code, such as high.")
    label: str = strawberry.field(description="Its name.")
    lowest: float = strawberry.field(description="Where it begins; it ends where the next one does.")
    words: str | None = strawberry.field(default=None, description="A gentle sentence for the person.")


@strawberry.input(description="A question that counts towards a scale.")
class ScaleItemInput:
    code: str = strawberry.field(description="The question's code.")
    minimum: float = strawberry.field(description="The lowest answer.")
    maximum: float = strawberry.field(description="The highest answer.")
    direction: int = strawberry.field(default=1, description="1, or -1 where the answer is turned round first.")


@strawberry.input(description="A measure with a range of its own.")
class ScaleInput:
    code: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its name.")
    items: list[ScaleItemInput] = strawberry.field(description="The questions.")
    minimum: float = strawberry.field(description="The lowest possible score.")
    maximum: float = strawberry.field(description="The highest possible score.")
    method: str = strawberry.field(default="sum", description="sum, mean, or table.")
    table: list[float] = strawberry.field(
        default_factory=list, description="For a table: the score for each sum, from the lowest sum on."
    )
    minimum_items: int | None = strawberry.field(
        default=None, description="How many questions must have been answered. Left out: all of them."
    )
    direction: int = strawberry.field(default=1, description="1, or -1 where a high score is not the good end.")
    bands: list[BandInput] = strawberry.field(default_factory=list, description="The parts of its range.")
    instrument: str | None = strawberry.field(default=None, description="The instrument that it comes from.")
    instrument_version: int | None = strawberry.field(default=None, description="Which version of the instrument.")

    def struct(self) -> rpc.Scale:
        return rpc.Scale(
            code=self.code,
            title=self.title,
            items=tuple(
                rpc.ScaleItem(i.code, i.minimum, i.maximum, cast("Literal[1, -1]", i.direction)) for i in self.items
            ),
            minimum=self.minimum,
            maximum=self.maximum,
            method=cast("Literal['sum', 'mean', 'table']", self.method),
            table=tuple(self.table),
            minimum_items=self.minimum_items,
            direction=cast("Literal[1, -1]", self.direction),
            bands=tuple(rpc.Band(b.code, b.label, b.lowest, b.words) for b in self.bands),
            instrument=self.instrument,
            instrument_version=self.instrument_version,
        )
