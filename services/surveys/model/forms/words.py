"""The words of a form in its languages: those of the main one in the definition, the others by path."""

import html
import re
from collections import defaultdict
from collections.abc import Sequence

from services.surveys.model.forms import languages
from services.surveys.model.forms.lines import Line
from services.surveys.model.forms.result import Notebook

_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_PIPED = re.compile(r"\$\{\s*[^}\s]+\s*\}")
_STYLED = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def plain(text: str) -> str:
    """The text without markup."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))
    text = _STYLED.sub(r"\2", text)
    return re.sub(r"[ \t\xa0]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


class Words:
    """Takes words out of lines, and keeps the translations by path."""

    def __init__(self, names: Sequence[str], main: str | None, unnamed: str, notes: Notebook) -> None:
        """`names`: the columns' languages ("" for none); `main`: the definition's; `unnamed`: what "" stands for."""
        self._notes = notes
        self.tags = {name: (languages.tag(name) if name else unnamed) for name in names}
        first = next((n for n in names if n), "")
        self.language = languages.tag(main) if main else unnamed if "" in names or not first else languages.tag(first)
        self.translations: dict[str, dict[str, str]] = defaultdict(dict)

    def put(self, line: Line, meaning: tuple[str, ...], path: str, longest: int) -> str | None:
        """The words in the main language; those in the others are kept for the path."""
        given = line.words(*meaning)
        said: dict[str, str] = {}
        # a column that names its language goes before the one that does not
        for name in sorted(given, key=lambda n: n == ""):
            text = self._cleaned(given[name], line, (*meaning, name) if name else meaning, longest)
            if text:
                said.setdefault(self.tags.get(name) or (languages.tag(name) if name else self.language), text)
        if not said:
            return None
        main = said.pop(self.language, None)
        if main is None:
            other, main = next(iter(said.items()))
            why = f"There are no words in the main language, so those in {languages.named(other)} stand there too."
            advice = f"Write them in {languages.named(self.language)}."
            column = next(n for n in given if plain(given[n]) == main or self.tags.get(n) == other)
            self._notes.to_do(line.sheet, line.row, line.heading(*meaning, *([column] if column else [])), why, advice)
        for tag, text in said.items():
            self.translations[tag][path] = text
        return main

    def question(self, line: Line, path: str, longest: int, longest_hint: int) -> tuple[str | None, str | None]:
        """Text and hint of a question from its label and hint."""
        text = self.put(line, ("label",), f"{path}.text", longest_hint)
        hint = self.put(line, ("hint",), f"{path}.hint", longest_hint)
        return self.fitted(line, path, text, hint, longest, longest_hint)

    def fitted(
        self, line: Line, path: str, text: str | None, hint: str | None, longest: int, longest_hint: int
    ) -> tuple[str | None, str | None]:
        """What is too long for the text begins the hint; a lone hint is the text."""
        said = [self.translations[tag] for tag in list(self.translations)]
        if text is None and hint and len(hint) <= longest:
            for words in said:
                if f"{path}.hint" in words:
                    words[f"{path}.text"] = words.pop(f"{path}.hint")[:longest]
            return hint, None
        if max([len(text or ""), *(len(words.get(f"{path}.text", "")) for words in said)]) <= longest:
            return text, hint
        why = f"There is room for {longest:,} letters here; what comes after them is in the hint."
        self._notes.changed(line.sheet, line.row, line.heading("label"), why, "Say it in fewer words.")
        for words in said:
            if f"{path}.text" in words:
                first, rest = _cut(words[f"{path}.text"], longest)
                words[f"{path}.text"] = first
                words[f"{path}.hint"] = "\n".join(p for p in (rest, words.get(f"{path}.hint")) if p)[:longest_hint]
        first, rest = _cut(text or "", longest)
        return first or None, "\n".join(p for p in (rest, hint) if p)[:longest_hint] or None

    def _cleaned(self, text: str, line: Line, meaning: tuple[str, ...], longest: int) -> str:
        place = (line.sheet, line.row, line.heading(*meaning))
        if _PIPED.search(text):
            why = "Words cannot show an answer that was given before; three dots stand in its place."
            self._notes.changed(*place, why, "Say it without the answer.")
            text = _PIPED.sub("…", text)
        if _TAGS.search(text):
            self._notes.changed(
                *place, "Words have no bold type, colours or links; they are left as plain words.", "Nothing."
            )
        text = plain(text)
        if len(text) > longest:
            why = f"There is room for {longest:,} letters here; the words are cut short."
            self._notes.to_do(*place, why, "Say it in fewer words, or in two notes.")
            text = text[: longest - 1].rstrip() + "…"
        return text


def _cut(text: str, longest: int) -> tuple[str, str]:
    """The words in two, at the end of a sentence if there is one, else between words."""
    if len(text) <= longest:
        return text, ""
    end = max(text.rfind(sign, 0, longest) for sign in (". ", "? ", "! ", "\n", "。"))
    end = end + 1 if end > longest // 4 else text.rfind(" ", 0, longest)
    end = end if end > 0 else longest
    return text[:end].strip(), text[end:].strip()
