"""What the scoring service does: one function a use case, each the owner of its transaction."""

from services.scoring.operations.bases import derive_framework, diff_frameworks, follow_base, framework_version
from services.scoring.operations.changes import cell_change, my_change
from services.scoring.operations.frameworks import (
    activate_framework,
    create_framework,
    frameworks,
    list_frameworks,
    revise_framework,
)
from services.scoring.operations.needs import needs
from services.scoring.operations.places import area_scores, import_area_indicator, list_area_indicators
from services.scoring.operations.private import (
    privacy_budget,
    private_releases,
    release_private_figures,
    set_privacy_budget,
    set_private_figures,
)
from services.scoring.operations.reading import figures, my_scores, trend
from services.scoring.operations.releasing import release
from services.scoring.operations.reliability import reliability
from services.scoring.operations.runs import weighting as _weighting  # noqa: F401  # a kind of run, found by its name
from services.scoring.operations.runs.calls import cancel_run, list_runs, runs, start_run
from services.scoring.operations.runs.steps import take_steps
from services.scoring.operations.taking import take_responses
from services.scoring.operations.weights import weightings

__all__ = [
    "activate_framework",
    "area_scores",
    "cancel_run",
    "cell_change",
    "create_framework",
    "derive_framework",
    "diff_frameworks",
    "figures",
    "follow_base",
    "framework_version",
    "frameworks",
    "import_area_indicator",
    "list_area_indicators",
    "list_frameworks",
    "list_runs",
    "my_change",
    "my_scores",
    "needs",
    "privacy_budget",
    "private_releases",
    "release",
    "release_private_figures",
    "reliability",
    "revise_framework",
    "runs",
    "set_privacy_budget",
    "set_private_figures",
    "start_run",
    "take_responses",
    "take_steps",
    "trend",
    "weightings",
]
