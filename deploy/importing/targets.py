"""What of a questionnaire a column of a file can answer."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from schemas.rpc.surveys import Definition, Item, ItemKind

Form = Literal["number", "choice", "choices", "words"]
FORMS: dict[ItemKind, Form] = {
    "scale": "number",
    "slider": "number",
    "number": "number",
    "single_choice": "choice",
    "consent": "choice",
    "multiple_choice": "choices",
    "ranking": "choices",
    "date": "words",
    "text": "words",
    "long_text": "words",
    "place": "words",
}


class Target(NamedTuple):
    """An item, or a `row` of a matrix; the form its answers have; whether nobody may leave it out."""

    item: Item
    row: str | None
    form: Form
    required: bool = False


def targets(definition: Definition) -> dict[str, Target]:
    """What can be answered, by the code that a mapping knows it by: `<item>`, `<item>.<row>`, `<item>_other`.

    A section that is answered several times has no place in a row of a file.
    """
    return dict(_targets(definition))


def _targets(definition: Definition) -> Iterator[tuple[str, Target]]:
    for section in definition.sections:
        if section.repeat is not None:
            continue
        for item in section.items:
            required = item.required and item.relevance is None and section.relevance is None
            if item.kind == "matrix":
                form: Form = "choice" if item.choices else "number"
                for row in item.rows:
                    yield f"{item.code}.{row.code}", Target(item, row.code, form, required)
            elif item.kind in FORMS:
                yield item.code, Target(item, None, FORMS[item.kind], required)
                if item.other:
                    yield f"{item.code}_other", Target(item, None, "words")
