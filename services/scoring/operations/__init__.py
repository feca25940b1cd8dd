"""What the scoring service does: one function a use case, each the owner of its transaction."""

from services.scoring.operations.frameworks import (
    activate_framework,
    create_framework,
    frameworks,
    list_frameworks,
    revise_framework,
)
from services.scoring.operations.reading import figures, my_scores
from services.scoring.operations.releasing import release
from services.scoring.operations.taking import take_responses

__all__ = [
    "activate_framework",
    "create_framework",
    "figures",
    "frameworks",
    "list_frameworks",
    "my_scores",
    "release",
    "revise_framework",
    "take_responses",
]
