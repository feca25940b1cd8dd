"""Tables and queries of the scoring schema."""

from services.scoring.store.cells import add_to_cells, cells, figures, figures_page, write_figures
from services.scoring.store.frameworks import (
    framework_by_ids,
    frameworks_page,
    live_for,
    live_versions,
    lock_newest,
    lock_version,
    questionnaires,
    ranges,
    request_release,
    version,
)
from services.scoring.store.responses import (
    Change,
    add_responses,
    lock_questionnaires,
    lock_responses,
    of_person,
    replace_responses,
    stored,
)
from services.scoring.store.tables import Framework, FrameworkVersion, Questionnaire, Response

__all__ = [
    "Change",
    "Framework",
    "FrameworkVersion",
    "Questionnaire",
    "Response",
    "add_responses",
    "add_to_cells",
    "cells",
    "figures",
    "figures_page",
    "framework_by_ids",
    "frameworks_page",
    "live_for",
    "live_versions",
    "lock_newest",
    "lock_questionnaires",
    "lock_responses",
    "lock_version",
    "of_person",
    "questionnaires",
    "ranges",
    "replace_responses",
    "request_release",
    "stored",
    "version",
    "write_figures",
]
