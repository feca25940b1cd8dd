"""Responses given out row by row: only what people agreed to, without words and places, under numbers drawn anew."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec

from schemas.errors import Conflict, Invalid, NotFound, Problem
from schemas.rpc.surveys import Definition, ExportedResponse, ExportedResponses, ExportResponses
from services.chassis.councils import minimum_count
from services.chassis.database import Database
from services.chassis.paging import cut
from services.surveys import store

WORDS = ("text", "long_text", "place")


def export_responses(database: Database, request: ExportResponses) -> ExportedResponses:
    """A page of responses whose people agree to the purpose now.

    A page is shuffled, so that `after`, a response's id, tells nothing of any row in it. Raises NotFound, Invalid for a
    purpose that the questionnaire does not have, Conflict where fewer people agreed than figures need.
    """
    with database.unit_of_work() as work:
        definitions = store.definitions(work.session, request.questionnaire_id)
        if not definitions:
            raise NotFound("there is no such questionnaire")
        written = {version: msgspec.convert(d, Definition) for version, d in definitions.items()}
        purposes = {purpose for d in written.values() for purpose in d.consent.purposes}
        if request.purpose not in purposes:
            told = f"Say one of the purposes that people can agree to: {', '.join(sorted(purposes))}."
            raise Invalid("there is no such purpose", [Problem(("purpose",), told)])
        query = (work.session, request.questionnaire_id, request.purpose)
        least = minimum_count(work)
        if request.after is None and len(store.agreed(*query, least, None)) < least:
            raise Conflict(f"fewer than {least} people agreed to this; their answers are not given out one by one")
        page, more = cut(store.agreed(*query, request.first + 1, request.after), request.first)
        hidden = {version: _hidden(definition) for version, definition in written.items()}
        rows = [
            ExportedResponse(
                row=uuid4().hex,
                version=r.questionnaire_version,
                mode=r.mode,
                wave=r.wave or "",
                submitted_on=r.submitted_at.date().isoformat(),
                area=r.area,
                groups=r.groups,
                answers=_without(r.answers, hidden[r.questionnaire_version]),
            )
            for r in page
        ]
    left_out = {code for codes in hidden.values() for code in codes}
    return ExportedResponses(
        rows=tuple(sorted(rows, key=lambda r: r.row)),
        left_out=tuple(sorted(left_out)),
        after=page[-1].id if more else None,
    )


def _hidden(definition: Definition) -> frozenset[str]:
    items = [item for section in definition.sections for item in section.items]
    return frozenset(i.code for i in items if i.kind in WORDS) | {f"{i.code}_other" for i in items if i.other}


def _without(answers: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """The answers but for words and places, also in sections that are answered several times."""
    return {
        code: [_without(entry, hidden) for entry in answer] if _entries(answer) else answer
        for code, answer in answers.items()
        if code not in hidden
    }


def _entries(answer: object) -> bool:
    return isinstance(answer, list) and bool(answer) and isinstance(answer[0], dict)
