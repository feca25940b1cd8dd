"""Going through a questionnaire with somebody's answers: what is asked, what was answered, what is worked out."""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.surveys.model import logic
from services.surveys.model.checking import kinds
from services.surveys.model.checking.kinds import Around, ManyUnfit, Unfit, is_blank
from services.surveys.model.checking.seeing import Entry, Sight, worked_out
from services.surveys.model.form import (
    OTHER,
    PREFER_NOT_TO_SAY,
    Fault,
    Form,
    Item,
    Repeat,
    Section,
    Step,
    Submission,
)
from services.surveys.model.sentences import saying


class Reading:
    """One submission on its way through a form."""

    def __init__(
        self, form: Form, given: Submission, area_is_known: Callable[[str], bool], *, unfinished: bool = False
    ) -> None:
        self._form = form
        self._unfinished = unfinished
        self._around = Around(given.at.date(), area_is_known, form.area_level is not None)
        self._languages = (given.language, given.language.partition("-")[0], form.language)
        self._say = saying(given.language)
        self._sight = Sight(form, given)
        self._whole = Entry(("answers",), given.answers, self._sight.seen)
        self._entries: dict[str, Sequence[Entry]] = {}
        self.faults: list[Fault] = []

    def read(self) -> dict[str, Any]:
        """The answers that count, in the questionnaire's order; `faults` then holds what is wrong with the others."""
        form, answers = self._form, self._whole.taken
        self._refuse_unknown(self._whole, form.places)
        if form.logical:
            self._follow(form.steps)
        else:
            for section in form.sections:
                self._entries[section.code] = entries = self._begin(section)
                for entry in entries:
                    for item in section.items:
                        self._take(item, entry)
        for section in form.sections:
            entries = self._entries[section.code]
            for item in () if self._unfinished else section.ruled:
                for entry in entries:
                    self._keep_rules(item, entry)
            if section.repeat is not None and entries:
                answers[section.code] = [entry.taken for entry in entries]
        if self.faults:
            inside = {code: place for place, code in enumerate(form.items)}
            self.faults.sort(key=lambda fault: _place(fault, form.places, inside))
        return {code: answers[code] for code in form.places if code in answers} if form.logical else answers

    def _refuse(self, path: Sequence[str], key: str, **values: str) -> None:
        self.faults.append(Fault(tuple(path), self._say(key, **values)))

    def _refuse_unknown(self, entry: Entry, known: Mapping[str, object]) -> None:
        for code in entry.given:
            if code not in known:
                self._refuse((*entry.path, code), "no_such_question")

    def _begin(self, section: Section) -> Sequence[Entry]:
        """The entries of a section: none where it is hidden."""
        if section.relevance is not None and not self._sight.holds(section.relevance, self._whole):
            self._sight.show_times(section.code, 0)
            return ()
        if section.repeat is None:
            return (self._whole,)
        names = [name for item in section.items for name in item.names]
        entries = [
            Entry(
                ("answers", section.code, str(place)),
                given,
                ChainMap(dict.fromkeys(names, ""), self._sight.seen),
                place + 1,
            )
            for place, given in enumerate(self._times(section.code, section.repeat))
        ]
        known = {code: True for item in section.items for code in item.keys}
        for entry in entries:
            self._refuse_unknown(entry, known)
        self._sight.show_times(section.code, len(entries))
        return entries

    def _times(self, code: str, repeat: Repeat) -> Sequence[Mapping[str, Any]]:
        """What is given for each time that a section is answered."""
        given = self._whole.given.get(code)
        if is_blank(given):
            given = []
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self._refuse(("answers", code), "entries")
            return ()
        if repeat.count is not None:
            times = logic.number(self._sight.value(repeat.count, self._whole))
            due = int(min(max(times, 0), repeat.maximum)) if times == times else 0  # noqa: PLR0124 -- NaN
            return [*given, *({} for _ in range(due - len(given)))][:due]
        if len(given) < repeat.minimum and not self._unfinished:
            self._refuse(("answers", code), "entries_at_least", least=str(repeat.minimum))
        if len(given) > repeat.maximum:
            self._refuse(("answers", code), "entries_at_most", most=str(repeat.maximum))
        return given[: repeat.maximum]

    def _follow(self, steps: Sequence[Step]) -> None:
        """Go the way that expressions lead: what is looked at comes before what looks at it."""
        for section, item in steps:
            if item is None:
                self._entries[section.code] = self._begin(section)
                continue
            entries = self._entries[section.code]
            for entry in entries:
                self._decide(item, entry)
                self._sight.show(item, entry)
            if section.repeat is not None:
                self._sight.show_all(item, entries)

    def _decide(self, item: Item, entry: Entry) -> None:
        """Take an answer, work it out, or leave it out."""
        rules = item.rules
        if rules.relevance is not None and not self._sight.holds(rules.relevance, entry):
            entry.settled.add(item.code)
            entry.hidden.add(item.code)
        elif rules.calculation is None:
            self._take(item, entry)
        else:
            found = worked_out(item, self._sight.value(rules.calculation, entry))
            if found is not None:
                entry.taken[item.code] = found

    def _take(self, item: Item, entry: Entry) -> None:
        answer = entry.given.get(item.code)
        if not answer and is_blank(answer):
            return
        try:
            found = self._form.readers[item.code](answer, self._around)
        except Unfit as error:
            self._refuse_answer(item, entry, [Unfit("not_declinable") if answer == PREFER_NOT_TO_SAY else error])
        except ManyUnfit as error:
            self._refuse_answer(item, entry, error.parts)
        else:
            if found is not None:
                entry.taken[item.code] = found
                if item.other:
                    self._take_words(item, entry)

    def _take_words(self, item: Item, entry: Entry) -> None:
        try:
            said = kinds.words(entry.taken[item.code], entry.given.get(item.words))
        except Unfit as error:
            self._refuse((*entry.path, item.words), error.key, **error.values)
        else:
            if said is not None:
                entry.taken[item.words] = said

    def _refuse_answer(self, item: Item, entry: Entry, parts: Sequence[Unfit]) -> None:
        entry.settled.add(item.code)
        for part in parts:
            self._refuse((*entry.path, item.code, *part.path), part.key, **part.values)

    def _keep_rules(self, item: Item, entry: Entry) -> None:
        """What is asked of an answer beyond its kind, once all answers are known."""
        if item.code in entry.settled:
            return
        rules, path = item.rules, (*entry.path, item.code)
        answer = entry.taken.get(item.code)
        if item.required or (rules.required is not None and self._sight.holds(rules.required, entry)):
            self._require(item, answer, path)
        if answer is None or answer == PREFER_NOT_TO_SAY:
            return
        if rules.choice_filter is not None and not self._offered(item, answer, entry):
            self._refuse(path, "choose_one" if isinstance(answer, str) else "choose_among")
        if rules.constraint is not None:
            message = next((rules.messages[one] for one in self._languages if one in rules.messages), None)
            # each row of a matrix is an answer of its own
            for row, own in (answer if isinstance(answer, dict) else {"": answer}).items():
                if own != PREFER_NOT_TO_SAY and not self._sight.holds(rules.constraint, entry, logic.answer_text(own)):
                    self.faults.append(Fault((*path, row) if row else path, message or self._say("constraint")))

    def _require(self, item: Item, answer: Any, path: tuple[str, ...]) -> None:
        if answer is None and not item.rows:
            self._refuse(path, "required")
        elif item.kind == "consent" and answer == kinds.NO:
            self._refuse(path, "agree")
        elif item.rows and answer != PREFER_NOT_TO_SAY:
            for row in item.rows:
                if row not in (answer or {}):
                    self._refuse((*path, row), "required")

    def _offered(self, item: Item, answer: Any, entry: Entry) -> bool:
        """Whether the choice filter leaves what was chosen."""
        chosen = answer if isinstance(answer, list) else [answer]
        return all(
            (code == OTHER and item.other)
            or logic.truth(self._sight.value(item.rules.choice_filter, entry, columns=item.columns[code]))  # type: ignore[arg-type]
            for code in chosen
        )


def _place(fault: Fault, places: Mapping[str, int], inside: Mapping[str, int]) -> tuple[int, int, int]:
    """A fault's place in the questionnaire; what it does not ask for comes first."""
    _, code, *inner = fault.path
    place = places.get(code, -1)
    return (place, int(inner[0]), inside.get(inner[1], -1)) if len(inner) > 1 else (place, -1, -1)
