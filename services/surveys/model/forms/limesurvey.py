"""A LimeSurvey survey structure (.lss) becomes a draft questionnaire: what it can carry, and a note on the rest."""

from typing import Any

from services.surveys.model.forms import own_sheets
from services.surveys.model.forms.codes import Codes, coded
from services.surveys.model.forms.expression_script import Untold, Variable, told
from services.surveys.model.forms.expressions import references
from services.surveys.model.forms.lss_conditions import conditions
from services.surveys.model.forms.lss_questions import LssQuestions
from services.surveys.model.forms.lss_survey import Group, Question, Survey
from services.surveys.model.forms.lss_tables import read_tables
from services.surveys.model.forms.paths import said_of
from services.surveys.model.forms.questions import LONGEST_HINT, LONGEST_TEXT
from services.surveys.model.forms.result import Draft, Notebook, Place, Quota
from services.surveys.model.forms.rules import Check, Part, Rule, Rules
from services.surveys.model.forms.words import Words
from services.surveys.model.forms.xlsform import Wishes, nothing_yet

_THIS = ("this", "self")
_ALONE = ("text", "long_text", "number", "date")
ORDER = ("surveys", "groups", "questions", "subquestions", "answers", "quota")


def read_limesurvey(data: bytes, wishes: Wishes, check: Check) -> Draft:
    """The draft of a structure file. Raises Refused for what is no such file, or is too large."""
    return _Reader(Survey(read_tables(data)), wishes).draft(check)


class _Reader:
    def __init__(self, survey: Survey, wishes: Wishes) -> None:
        self._survey, self._wishes, self._notes = survey, wishes, Notebook()
        self._words = Words(survey.languages, survey.base, survey.base, self._notes)
        codes = Codes(question.code for group in survey.groups for question in group.questions)
        self._questions = LssQuestions(self._words, self._notes, codes)
        self._rules = Rules(self._notes)
        self._conditions = conditions(survey)
        self._section_codes = Codes()

    def draft(self, check: Check) -> Draft:
        """Everything, in order: items first, since rules speak of later ones too."""
        made = [(group, self._section(group), self._items(group)) for group in self._survey.groups]
        for code in dict.fromkeys(c for v in self._questions.variables.values() for c in references(v.text)):
            self._rules.know(code, "", f"${{{code}}}")
        for group, section, questions in made:
            self._rule(section, "relevance", group.record.get("grelevance"), group.record.line, "grelevance")
            for question, items in questions:
                self._rules_of(question, items)
                section["items"] += items
        sections = [section for _, section, _ in made if section["items"]]
        gone = {id(item) for item in self._rules.settle(check)}
        for section in sections:
            section["items"] = [item for item in section["items"] if id(item) not in gone]
        definition = self._definition([s for s in sections if s["items"]])
        places = self._questions.places | {s["code"]: Place("groups", g.record.line) for g, s, _ in made}
        return Draft(definition, self._notes.sorted(ORDER), self._quotas(), places)

    def _section(self, group: Group) -> dict[str, Any]:
        name = next((text for meaning, text in group.line.cells.items() if meaning[0] == "group_name"), "")
        code = self._section_codes.take(coded(name or f"group_{group.record.get('gid')}"))
        title = self._words.put(group.line, ("group_name",), f"sections.{code}.title", LONGEST_TEXT)
        section: dict[str, Any] = {"code": code, "title": title or code, "items": []}
        intro = self._words.put(group.line, ("description",), f"sections.{code}.intro", LONGEST_HINT)
        if intro:
            section["intro"] = intro
        return section

    def _items(self, group: Group) -> list[tuple[Question, list[dict[str, Any]]]]:
        return [(question, self._questions.items(question)) for question in group.questions]

    # rules

    def _rules_of(self, question: Question, items: list[dict[str, Any]]) -> None:
        line, written = question.record.line, question.record.get("relevance")
        if written in ("", "1"):
            written = self._conditions.get(question.record.get("qid"), "")
        for item in items:
            own = item.pop("relevance", None)
            self._rule(item, "relevance", written, line, f"{question.code} relevance", own)
            if item["kind"] == "calculation":
                self._rule(item, "calculation", item.pop("calculation").strip("{} "), line, f"{question.code} equation")
        checked = question.attributes.get("em_validation_q", "")
        if checked and items:
            itself = Variable(".") if len(items) == 1 and items[0]["kind"] in _ALONE else None
            self._rule(items[0], "constraint", checked, line, f"{question.code} em_validation_q", itself=itself)

    def _rule(
        self,
        holder: dict[str, Any],
        key: str,
        written: str,
        line: int,
        column: str,
        own: str | None = None,
        itself: Variable | None = None,
    ) -> None:
        """Put a rule of the survey into `holder`; `own` is one of ours that holds besides, `itself` what `this` is."""
        sheet = "groups" if column == "grelevance" else "questions"
        parts = [Part(own, sheet, line, column)] if own else []
        if written not in ("", "1"):
            try:
                parts.append(
                    Part(
                        told(written, lambda name: itself if name in _THIS else self._variable(name)),
                        sheet,
                        line,
                        column,
                    )
                )
            except Untold as untold:
                advice = "Write the rule anew in the draft."
                self._notes.left_out(sheet, line, column, f"{untold}", advice)
                if key == "calculation":
                    # a calculation that says nothing is taken out with everything that hangs on it
                    parts.append(Part("(", sheet, line, column))
        self._rules.add(Rule(holder, key, parts))

    def _variable(self, name: str) -> Variable | None:
        return self._questions.variables.get(name)

    # around the questions

    def _definition(self, sections: list[dict[str, Any]]) -> dict[str, Any]:
        settings = self._survey.settings
        title = self._words.put(settings, ("surveyls_title",), "title", LONGEST_TEXT)
        intro = self._words.put(settings, ("surveyls_welcometext",), "intro", LONGEST_HINT)
        intro = intro or self._words.put(settings, ("surveyls_description",), "intro", LONGEST_HINT)
        title = self._wishes.title or title or "Untitled questionnaire"
        consent = {**own_sheets.NO_CONSENT}
        notice = self._words.put(settings, ("surveyls_policy_notice",), "consent.text", LONGEST_HINT)
        why = "LimeSurvey has no purposes that people agree to one by one."
        if notice:
            consent["text"], why = notice, "The text on data protection is the survey's own. It names no purposes."
        self._notes.to_do(
            "surveys", settings.row, "surveyls_policy_notice", why, "Write the consent text in the draft."
        )
        definition: dict[str, Any] = {
            "title": title,
            "sections": sections or nothing_yet(title, self._notes),
            "consent": consent,
            "language": self._words.language,
            **({"intro": intro} if intro else {}),
        }
        definition["translations"] = said_of(definition, self._words.translations)
        return definition

    def _quotas(self) -> tuple[Quota, ...]:
        tables = self._survey.tables
        messages = {
            record.get("quotals_quota_id"): record.get("quotals_message")
            for record in tables.get("quota_languagesettings", ())
            if record.get("quotals_language") in ("", self._survey.base)
        }
        found = []
        for record in tables.get("quota", ()):
            members = []
            for member in tables.get("quota_members", ()):
                if member.get("quota_id") != record.get("id"):
                    continue
                known = self._questions.answers.get((member.get("qid"), member.get("code")))
                if known is None:
                    why = "An answer that this quota counts is not in the draft."
                    self._notes.left_out("quota", member.line, record.get("name"), why, "Set the quota in the draft.")
                else:
                    members.append(known)
            limit = record.get("qlimit")
            if members and limit.isdigit() and record.get("active") != "0":
                found.append(
                    Quota(record.get("name"), int(limit), tuple(members), messages.get(record.get("id")) or None)
                )
        return tuple(found)
