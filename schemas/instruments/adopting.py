"""From an instrument to a questionnaire of a council's, and to a framework that scores its answers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from schemas.errors import Invalid, Problem
from schemas.instruments.library import Instrument, InstrumentItem, InstrumentScale, OutlineItem
from schemas.instruments.wording import Wording, answers_of, words, written_in
from schemas.rpc.scoring import Domain, FrameworkDefinition, FrameworkItem, Indicator, Scale, ScaleItem
from schemas.rpc.surveys import Attribute, Choice, ConsentText, Definition, Item, Section


def questionnaire(instrument: Instrument, languages: Sequence[str] = (), area_level: str | None = None) -> Definition:
    """Our questionnaire, in all its languages unless some are given; the first one is the definition's own.

    Raises Invalid for an instrument whose words the library does not have, or not in one of these languages.
    """
    outline = instrument.questionnaire
    if outline is None:
        said = "Its words are not ours to give. Import your questionnaire, and name the instrument when you score it."
        raise Invalid("the library has no words for this instrument", [Problem(("instrument", "code"), said)])
    own, *others = languages or [language.code for language in instrument.languages]
    wording = written_in(instrument, own, "instrument", "languages")
    return Definition(
        title=wording.title,
        intro=wording.intro,
        sections=tuple(
            Section(
                section.code,
                wording.sections[section.code].title,
                tuple(_item(instrument, item, wording) for item in section.items),
                wording.sections[section.code].intro,
            )
            for section in outline.sections
        ),
        consent=ConsentText(outline.consent_version, wording.consent, wording.purposes, outline.required_purposes),
        attributes=tuple(Attribute(code, a.label, a.categories) for code, a in wording.attributes.items()),
        area_level=area_level,
        language=own,
        translations={
            language: words(instrument, written_in(instrument, language, "instrument", "languages"))
            for language in others
        },
        instruments=(instrument.code,),
    )


def _item(instrument: Instrument, item: OutlineItem, wording: Wording) -> Item:
    said, answers, scored = wording.items[item.code], answers_of(item, wording), instrument.item(item.code)
    if item.kind == "text" or scored is None:
        return Item(item.code, "text", said.text, hint=said.hint, maximum=item.longest)
    if item.kind == "single_choice":
        choices = tuple(Choice(code, answers[code], score) for code, score in item.scores.items())
        return Item(
            item.code,
            "single_choice",
            said.text,
            hint=said.hint,
            choices=choices,
            prefer_not_to_say=item.prefer_not_to_say,
        )
    return Item(
        item.code,
        "scale",
        said.text,
        hint=said.hint,
        minimum=scored.minimum,
        maximum=scored.maximum,
        labels=answers,
        prefer_not_to_say=item.prefer_not_to_say,
    )


def framework(
    instrument: Instrument, questionnaire_id: UUID, mapping: Mapping[str, str] | None = None
) -> FrameworkDefinition:
    """How the instrument scores a questionnaire; `mapping` is its item → the questionnaire's item of another code.

    Raises Invalid where the mapping names an item that the instrument has not, or one question for two items.
    """
    asked = _asked(instrument, mapping or {})
    return FrameworkDefinition(
        title=instrument.title,
        questionnaire_id=questionnaire_id,
        domains=tuple(
            Domain(
                domain.code,
                domain.title,
                tuple(
                    Indicator(
                        indicator.code,
                        indicator.title,
                        tuple(FrameworkItem(asked[code].code, asked[code].direction) for code in indicator.items),
                        minimum_items=indicator.minimum_items,
                    )
                    for indicator in domain.indicators
                ),
                tags=domain.tags,
            )
            for domain in instrument.domains
        ),
        scales=scales(instrument, mapping),
    )


def scales(instrument: Instrument, mapping: Mapping[str, str] | None = None) -> tuple[Scale, ...]:
    """The instrument's scales alone, to stand in a framework with others. Raises Invalid as `framework` does."""
    asked = _asked(instrument, mapping or {})
    return tuple(_scale(instrument, scale, asked) for scale in instrument.scales)


def _asked(instrument: Instrument, mapping: Mapping[str, str]) -> dict[str, FrameworkItem]:
    known = {item.code: item for item in instrument.items}
    problems = [
        Problem(("instrument", "mapping", code), f"{instrument.title} has no such item; it has {', '.join(known)}.")
        for code in mapping
        if code not in known
    ]
    asked = {code: FrameworkItem(mapping.get(code, code), item.direction) for code, item in known.items()}
    questions = [item.code for item in asked.values()]
    problems += [
        Problem(("instrument", "mapping", code), f'"{item.code}" stands for two items; each needs its own question.')
        for code, item in asked.items()
        if questions.count(item.code) > 1
    ]
    if problems:
        raise Invalid("the questions do not fit the instrument", problems)
    return asked


def _scale(instrument: Instrument, scale: InstrumentScale, asked: Mapping[str, FrameworkItem]) -> Scale:
    items: list[InstrumentItem] = [item for code in scale.items if (item := instrument.item(code)) is not None]
    return Scale(
        code=scale.code,
        title=scale.title,
        items=tuple(ScaleItem(asked[i.code].code, i.minimum, i.maximum, i.direction) for i in items),
        minimum=scale.minimum,
        maximum=scale.maximum,
        method=scale.method,
        table=scale.table,
        minimum_items=scale.minimum_items,
        direction=scale.direction,
        bands=scale.bands,
        instrument=instrument.code,
        instrument_version=instrument.version,
    )
