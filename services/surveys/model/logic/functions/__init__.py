"""The functions that expressions may use, by name."""

from services.surveys.model.logic.functions import choices, numbers, texts, times
from services.surveys.model.logic.functions.table import REFUSED, Function

FUNCTIONS: dict[str, Function] = choices.FUNCTIONS | numbers.FUNCTIONS | texts.FUNCTIONS | times.FUNCTIONS

__all__ = ["FUNCTIONS", "REFUSED", "Function"]
