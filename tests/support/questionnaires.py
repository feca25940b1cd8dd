"""A small questionnaire and a framework for it."""

from typing import Any
from uuid import UUID

from schemas.rpc import scoring, surveys

CONSENT = surveys.Consent(version="1", purposes=("service_improvement",))


def definition(release: str = "live") -> surveys.Definition:
    """Two scales, a choice with scores, a text; age bands and gender; wards."""
    return surveys.Definition(
        title="Taking part",
        sections=(
            surveys.Section(
                code="skills",
                title="Skills",
                items=(
                    surveys.Item(
                        code="speak", kind="scale", text="I can speak up.", minimum=0, maximum=10, required=True
                    ),
                    surveys.Item(code="alone", kind="scale", text="I feel alone.", minimum=1, maximum=5),
                    surveys.Item(
                        code="vote",
                        kind="single_choice",
                        text="Did you vote?",
                        choices=(
                            surveys.Choice("no", "No", 0),
                            surveys.Choice("yes", "Yes", 1),
                            surveys.Choice("dont_know", "I do not know"),
                        ),
                    ),
                    surveys.Item(code="more", kind="text", text="Anything else?", maximum=50),
                ),
            ),
        ),
        consent=surveys.ConsentText(
            version="1",
            text="We use your answers to make services better.",
            purposes={"service_improvement": "Make services better", "research": "Research"},
            required=("service_improvement",),
        ),
        attributes=(
            surveys.Attribute("age_band", "Age", {"16-39": "16 to 39", "40-64": "40 to 64", "65+": "65 and over"}),
            surveys.Attribute("gender", "Gender", {"female": "Female", "male": "Male"}),
        ),
        area_level="ward",
        release=release,  # type: ignore[arg-type]
    )


def framework(questionnaire_id: UUID) -> scoring.FrameworkDefinition:
    """Two domains; the index weighs the first twice."""
    return scoring.FrameworkDefinition(
        title="Capacity",
        questionnaire_id=questionnaire_id,
        domains=(
            scoring.Domain(
                code="voice",
                title="Voice",
                weight=2,
                indicators=(
                    scoring.Indicator(
                        code="voice",
                        title="Voice",
                        items=(scoring.FrameworkItem("speak"), scoring.FrameworkItem("vote")),
                    ),
                ),
            ),
            scoring.Domain(
                code="ties",
                title="Ties",
                indicators=(scoring.Indicator(code="ties", title="Ties", items=(scoring.FrameworkItem("alone", -1),)),),
            ),
        ),
    )


def submission(questionnaire_id: UUID, key: str = "key-00000001", **changes: Any) -> surveys.SubmitResponse:
    """Answers that the questionnaire takes, some of them changed."""
    given: dict[str, Any] = {
        "answers": {"speak": 7, "alone": 2, "vote": "yes", "more": "No."},
        "consent": CONSENT,
        "area": "E05002169",
        "groups": {"age_band": "16-39"},
    } | changes
    return surveys.SubmitResponse(questionnaire_id=questionnaire_id, idempotency_key=key, **given)


def rows(*answers: dict[str, surveys.Answer], start: int = 1) -> tuple[surveys.ImportRow, ...]:
    """Rows of a file with these answers, numbered from `start`."""
    return tuple(surveys.ImportRow(start + i, a, area="E05002170") for i, a in enumerate(answers))
