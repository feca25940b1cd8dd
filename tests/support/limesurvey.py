"""LimeSurvey structures for tests, of both kinds: with words beside the rows, and in tables of their own."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Mapping[str, object]]


def lss(**tables: Rows) -> bytes:
    """A structure file with these tables; the base language is English unless `surveys` says otherwise."""
    tables = {
        "surveys": [{"language": "en"}],
        "surveys_languagesettings": [{"surveyls_language": "en", "surveyls_title": "A survey"}],
        "groups": [{"gid": 1, "group_name": "First", "group_order": 0, "language": "en"}],
        **tables,
    }
    parts = ["<document>", "<LimeSurveyDocType>Survey</LimeSurveyDocType>", "<DBVersion>400</DBVersion>"]
    for name, rows in tables.items():
        parts += [f"<{name}>", "<rows>"]
        for row in rows:
            parts.append("<row>")
            parts += [f"<{cell}>{escape(str(value))}</{cell}>" for cell, value in row.items()]
            parts.append("</row>")
        parts += ["</rows>", f"</{name}>"]
    return "\n".join([*parts, "</document>"]).encode()


def question(qid: int, kind: str, title: str, **more: object) -> dict[str, object]:
    """A row of the questions."""
    words = {"question": f"Text of {title}", "language": "en", "question_order": qid, "mandatory": "N", "other": "N"}
    return {"qid": qid, "sid": 7, "gid": 1, "type": kind, "title": title, **words, **more}


def sub(qid: int, parent: int, title: str, **more: object) -> dict[str, object]:
    """A row of the sub-questions."""
    words = {"question": f"Text of {title}", "language": "en", "question_order": qid, "scale_id": 0}
    return {"qid": qid, "parent_qid": parent, "title": title, **words, **more}


def answer(qid: int, code: str, value: int = 0, **more: object) -> dict[str, object]:
    """A row of the answers."""
    words = {"answer": f"Text of {code}", "language": "en", "sortorder": 0, "scale_id": 0}
    return {"qid": qid, "code": code, "assessment_value": value, **words, **more}
