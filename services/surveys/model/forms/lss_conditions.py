"""Conditions of old surveys, which were kept in a table of their own, as rules in ExpressionScript."""

import re
from collections import defaultdict

from services.surveys.model.forms.lss_survey import Survey

_COMPARED = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", " ": "=="}


def conditions(survey: Survey) -> dict[str, str]:
    """qid → its rule: all conditions of a scenario together; one scenario is enough."""
    scenarios: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for record in survey.tables.get("conditions", ()):
        field, value = record.get("cfieldname").lstrip("+"), record.get("value")
        sign = _COMPARED.get(record.get("method") or "==", "unknown")
        compared = f'{field} {sign} "{value}"' if not re.fullmatch(r"-?[0-9.]+", value) else f"{field} {sign} {value}"
        if sign in ("==", "!=") and not value:
            compared = f'{field} {sign} ""'
        scenarios[record.get("qid")][record.get("scenario")][field].append(compared)
    return {
        qid: " or ".join(
            "(" + " and ".join("(" + " or ".join(alike) + ")" for alike in by_field.values()) + ")"
            for by_field in by_scenario.values()
        )
        for qid, by_scenario in scenarios.items()
    }
