"""The library of instruments as GraphQL shows it, with what the council has recorded about it."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id
from gateway.scoring.scales import Scale
from gateway.surveys.types.definition import QuestionnaireDefinition
from schemas import instruments as library
from schemas.instruments.library import InstrumentLanguage
from schemas.rpc import surveys as rpc


@strawberry.enum(description="Whose words an instrument's questions are.")
class InstrumentWording(Enum):
    INCLUDED = strawberry.enum_value("included", description="Ours, and in the library.")
    OPEN = strawberry.enum_value("open", description="The authors let anybody use theirs; import them.")
    SUPPLIED = strawberry.enum_value("supplied", description="The council imports words that it may use.")


@strawberry.enum(description="How far the words in a language can be relied on.")
class LanguageState(Enum):
    ORIGINAL = "original"
    MACHINE_DRAFTED_NEEDS_NATIVE_REVIEW = "machine-drafted-needs-native-review"
    REVIEWED = "reviewed"


@strawberry.type(description="A language that the library has an instrument's words in.")
class LanguageOfInstrument:
    code: str = strawberry.field(description="Its code, such as cy.")
    name: str = strawberry.field(description="Its own name for itself.")
    state: LanguageState = strawberry.field(description="How far the words can be relied on.")

    @classmethod
    def of(cls, known: InstrumentLanguage) -> Self:
        return cls(code=known.code, name=known.name, state=LanguageState(known.state))


@strawberry.type(description="A question that an instrument scores.")
class InstrumentItem:
    code: str = strawberry.field(description="Its code in the library; a mapping leads from it to your question.")
    about: str = strawberry.field(description="Which question it is.")
    minimum: float = strawberry.field(description="The lowest answer that the rule is written for.")
    maximum: float = strawberry.field(description="The highest answer that the rule is written for.")
    direction: int = strawberry.field(description="1, or -1 where a high answer means less of what is measured.")


@strawberry.type(description="Who must be asked for a licence.")
class Registration:
    holder: str = strawberry.field(description="Who gives it.")
    url: str = strawberry.field(description="Where to ask.")


@strawberry.type(description="That the council has a licence.")
class Licence:
    instrument: str = strawberry.field(description="The instrument's code.")
    reference: str = strawberry.field(description="What its holder calls it.")
    recorded_by: GlobalID | None = strawberry.field(description="Who recorded it; null for a machine.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")

    @classmethod
    def of(cls, licence: rpc.Licence) -> Self:
        return cls(
            instrument=licence.instrument,
            reference=licence.reference,
            recorded_by=global_id("Person", licence.recorded_by) if licence.recorded_by else None,
            recorded_at=licence.recorded_at,
        )


@strawberry.type(description="A questionnaire or a scale of the library, with the rule that scores it.")
class Instrument:
    source_: strawberry.Private[library.Instrument]
    code: str = strawberry.field(description="Its code.")
    version: int = strawberry.field(description="Which version this is.")
    title: str = strawberry.field(description="Its name.")
    about: str = strawberry.field(description="What it asks about.")
    source: list[str] = strawberry.field(description="Where the rule comes from.")
    licence: str = strawberry.field(description="Who may use it.")
    attribution: str = strawberry.field(description="What to write where its results are shown.")
    wording: InstrumentWording = strawberry.field(description="Whose words its questions are.")
    scoring: str = strawberry.field(description="The rule in words.")
    missing: str = strawberry.field(description="What happens where an answer is missing.")
    recorded: Licence | None = strawberry.field(description="The licence that the council has recorded last.")
    blocked: bool = strawberry.field(description="True while a licence is needed and none is recorded.")

    @strawberry.field(description="Its questions.")
    def items(self) -> list[InstrumentItem]:
        return [
            InstrumentItem(code=i.code, about=i.about, minimum=i.minimum, maximum=i.maximum, direction=i.direction)
            for i in self.source_.items
        ]

    @strawberry.field(description="The codes of the measures that it gives.")
    def measures(self) -> list[str]:
        return [d.code for d in self.source_.domains] + [s.code for s in self.source_.scales]

    @strawberry.field(description="Its measures that have a range of their own, with their rules and bands.")
    def scales(self) -> list[Scale]:
        return [Scale.of(s) for s in library.scales(self.source_)]

    @strawberry.field(description="Who must be asked for a licence, if anybody must.")
    def registration(self) -> Registration | None:
        known = self.source_.registration
        return Registration(holder=known.holder, url=known.url) if known else None

    @strawberry.field(description="The languages that the library has its words in.")
    def languages(self) -> list[LanguageOfInstrument]:
        return [LanguageOfInstrument.of(known) for known in self.source_.languages]

    @strawberry.field(description="Its questionnaire in the words of one language; null where they are not ours.")
    def questionnaire(
        self, language: Annotated[str, strawberry.argument(description="A language's code.")] = "en"
    ) -> QuestionnaireDefinition | None:
        if self.source_.questionnaire is None:
            return None
        return QuestionnaireDefinition.of(library.questionnaire(self.source_, [language]))

    @classmethod
    def of(cls, instrument: library.Instrument, recorded: Mapping[str, rpc.Licence]) -> Self:
        licence = recorded.get(instrument.code)
        return cls(
            source_=instrument,
            code=instrument.code,
            version=instrument.version,
            title=instrument.title,
            about=instrument.about,
            source=list(instrument.source),
            licence=instrument.licence,
            attribution=instrument.attribution,
            wording=InstrumentWording(instrument.wording),
            scoring=instrument.scoring,
            missing=instrument.missing,
            recorded=Licence.of(licence) if licence else None,
            blocked=instrument.registration is not None and licence is None,
        )


@strawberry.type
class InstrumentsQuery:
    @strawberry.field(description="The library of instruments, by code and version. For officers.")
    async def instruments(
        self, info: Info, code: Annotated[str | None, strawberry.argument(description="Only this one.")] = None
    ) -> list[Instrument] | None:
        reply = await info.context.call(rpc.licences, rpc.Licences())
        recorded = {licence.instrument: licence for licence in reply.items}
        return [Instrument.of(i, recorded) for _, i in sorted(library.LIBRARY.items()) if code in (None, i.code)]
