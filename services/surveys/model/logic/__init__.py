"""The language of relevance, constraints, calculations and choice filters: XLSForm's, read once and safe to run.

No text is ever run as code. Reading and running take bounded time and depth; running always comes to a value. The same
trees run in the browser (`gateway/page/logic.js`); `tests/support/logic_cases.json` holds both to the same answers.
"""

from services.surveys.model.logic.expression import Expression, parse
from services.surveys.model.logic.functions import FUNCTIONS
from services.surveys.model.logic.reading import KNOWN, LogicError
from services.surveys.model.logic.scope import Scope
from services.surveys.model.logic.tree import Tree, printed
from services.surveys.model.logic.values import Value, answer_text, number, text, truth

__all__ = [
    "FUNCTIONS",
    "KNOWN",
    "Expression",
    "LogicError",
    "Scope",
    "Tree",
    "Value",
    "answer_text",
    "number",
    "parse",
    "printed",
    "text",
    "truth",
]
