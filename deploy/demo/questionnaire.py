"""The demonstration's questionnaire and framework, in plain English. Nobody is asked anything twice, or must answer."""

from typing import Literal
from uuid import UUID

from schemas.rpc.scoring import Domain, FrameworkDefinition, FrameworkItem, Indicator
from schemas.rpc.surveys import Attribute, Choice, ConsentText, Definition, Item, Section

SLUG = "your-place-and-you"
NOTICE = "Demonstration: these answers were made by a computer, not by people."
LIKE_ME = {
    "1": "Not at all like me",
    "2": "A little like me",
    "3": "Partly like me",
    "4": "Like me",
    "5": "Very like me",
}
OFTEN = {"1": "Never", "2": "Once or twice a year", "3": "Every few months", "4": "Every month", "5": "Every week"}

CONSENT = ConsentText(
    version="1",
    text=(
        "You can choose whether to take part. You can skip any question, and you can stop at any time. "
        "We add your answers to those of other people, to see what is going well and where people need more help. "
        "We never show numbers about fewer than 10 people. We do not ask for your name. "
        "You can ask us to delete your answers, unless you chose to send them without signing in."
    ),
    purposes={
        "service_improvement": "Use my answers to make life and services here better",
        "research": "Let the council's researchers study my answers, without knowing who I am",
    },
    required=("service_improvement",),
)

Direction = Literal[1, -1]


def _like_me(code: str, text: str) -> Item:
    return Item(code, "scale", text, minimum=1, maximum=5, labels=LIKE_ME)


def _out_of_ten(code: str, text: str, low: str, high: str) -> Item:
    return Item(code, "scale", text, minimum=0, maximum=10, labels={"0": low, "10": high})


SECTIONS = (
    Section(
        "skills",
        "What you can do",
        (
            _like_me("speak_up", "I can say what I think, even when others do not agree."),
            _like_me("listen", "I listen to people who think differently from me."),
            _like_me("find_out", "I know how to find out who decides things here."),
            _like_me("plan", "I can plan something together with other people."),
        ),
        intro="There are no right or wrong answers. Choose what fits you best.",
    ),
    Section(
        "behaviours",
        "What you do",
        (
            Item(
                "help_out",
                "scale",
                "How often do you help a neighbour or somebody you know?",
                minimum=1,
                maximum=5,
                labels=OFTEN,
            ),
            Item(
                "volunteer",
                "scale",
                "How often do you give time to a group or a club?",
                minimum=1,
                maximum=5,
                labels=OFTEN,
            ),
            Item(
                "talk_local",
                "scale",
                "How often do you talk with others about what goes on here?",
                minimum=1,
                maximum=5,
                labels=OFTEN,
            ),
            Item(
                "join_in",
                "scale",
                "How often do you go to something that people here have set up?",
                minimum=1,
                maximum=5,
                labels=OFTEN,
            ),
            Item(
                "voted",
                "single_choice",
                "Did you vote in the last local election?",
                choices=(
                    Choice("yes", "Yes", 1),
                    Choice("no", "No", 0),
                    Choice("could_not", "I was not allowed to vote"),
                    Choice("not_sure", "I am not sure"),
                ),
            ),
        ),
    ),
    Section(
        "opportunities",
        "What helps you to join in",
        (
            _out_of_ten("places", "There are places here where people can meet.", "Not at all true", "Completely true"),
            _out_of_ten("welcome", "People like me are welcome in groups here.", "Not at all true", "Completely true"),
            _out_of_ten("heard", "The council listens to people like me.", "Not at all true", "Completely true"),
            _out_of_ten(
                "barriers", "Things like money, time or buses stop me from joining in.", "Not at all", "All the time"
            ),
            Item(
                "know_somebody",
                "single_choice",
                "Do you know somebody who could help you to start something here?",
                choices=(Choice("yes", "Yes", 2), Choice("maybe", "Maybe", 1), Choice("no", "No", 0)),
            ),
        ),
    ),
    Section(
        "wellbeing",
        "How you feel",
        (
            _out_of_ten("satisfied", "How happy are you with your life these days?", "Not at all", "Completely"),
            _out_of_ten("worthwhile", "Do you feel that the things you do matter?", "Not at all", "Completely"),
            _out_of_ten("lonely", "How often do you feel lonely?", "Never", "All the time"),
            _out_of_ten("hopeful", "How hopeful are you about the time to come?", "Not at all", "Very"),
        ),
        intro="You can skip these if you would rather not say.",
    ),
    Section(
        "more",
        "Anything else",
        (
            Item(
                "one_thing",
                "text",
                "What one thing would make it easier for you to join in here?",
                hint="Please do not write names, or anything that shows who you are.",
                maximum=500,
            ),
        ),
    ),
)

ATTRIBUTES = (
    Attribute(
        "age_band",
        "How old are you? Leave it blank if you would rather not say.",
        {"16-24": "16 to 24", "25-44": "25 to 44", "45-64": "45 to 64", "65+": "65 or older"},
    ),
    Attribute(
        "gender",
        "Are you … ? Leave it blank if you would rather not say.",
        {"woman": "A woman", "man": "A man", "another": "I use another word"},
    ),
)

INDICATORS: dict[str, dict[str, dict[str, Direction]]] = {
    "skills": {"voice": {"speak_up": 1, "find_out": 1}, "together": {"listen": 1, "plan": 1}},
    "behaviours": {
        "giving": {"help_out": 1, "volunteer": 1},
        "taking_part": {"talk_local": 1, "join_in": 1, "voted": 1},
    },
    "opportunities": {
        "openings": {"places": 1, "welcome": 1, "know_somebody": 1},
        "power": {"heard": 1, "barriers": -1},
    },
    "wellbeing": {"life": {"satisfied": 1, "worthwhile": 1, "hopeful": 1}, "company": {"lonely": -1}},
}
"""Domain → indicator → item, with −1 where a high answer means less."""
TITLES = {
    "skills": "Skills",
    "behaviours": "Taking part",
    "opportunities": "Chances to join in",
    "wellbeing": "Well-being",
    "voice": "Making yourself heard",
    "together": "Working with others",
    "giving": "Giving time",
    "taking_part": "Being part of it",
    "openings": "Open doors",
    "power": "A say in things",
    "life": "Feeling good about life",
    "company": "Not feeling alone",
}


def definition(council: str) -> Definition:
    """The questionnaire as `council` (its name) asks it."""
    return Definition(
        title=f"Your place and you: {council} (demonstration)",
        intro=f"{NOTICE} This is what a survey about taking part in {council} can look like.",
        sections=SECTIONS,
        attributes=ATTRIBUTES,
        consent=CONSENT,
        area_level="ward",
        release="live",
    )


def framework(questionnaire_id: UUID) -> FrameworkDefinition:
    """Four domains, all of the same weight."""
    return FrameworkDefinition(
        title="Civic capacity (demonstration)",
        questionnaire_id=questionnaire_id,
        domains=tuple(
            Domain(
                domain,
                TITLES[domain],
                tuple(
                    Indicator(code, TITLES[code], tuple(FrameworkItem(item, way) for item, way in items.items()))
                    for code, items in indicators.items()
                ),
            )
            for domain, indicators in INDICATORS.items()
        ),
    )
