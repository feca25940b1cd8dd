"""The library of instruments: questionnaires of ours in four languages, and the scoring rules of well-known scales.

Everything about an instrument is data, in `data/`. A version never changes once it is released: what is mended gets the
next version, in a file beside it.
"""

from schemas.instruments.adopting import framework, questionnaire, scales
from schemas.instruments.library import LIBRARY, Instrument, find
from schemas.instruments.wording import Wording, words, written_in

__all__ = ["LIBRARY", "Instrument", "Wording", "find", "framework", "questionnaire", "scales", "words", "written_in"]
