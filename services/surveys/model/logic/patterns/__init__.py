"""Regular expressions that nobody can make hang: all ways to match are walked side by side (Thompson, 1968).

What such a walk cannot do, looking ahead or back and repeating what was found, is refused by name. A pattern matches
when it fits the whole text, as JavaRosa has it. `gateway/page/logic/patterns.js` does the same in the browser, step for
step, so that both give up at the same place.
"""

from services.surveys.model.logic.patterns.program import PatternError
from services.surveys.model.logic.patterns.reading import compiled
from services.surveys.model.logic.patterns.walking import Fuel, matches

__all__ = ["Fuel", "PatternError", "compiled", "matches"]
