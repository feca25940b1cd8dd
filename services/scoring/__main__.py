"""`python -m services.scoring` starts the service."""

import services.chassis.runtime  # noqa: F401  # first: it makes the standard library cooperative
from services.chassis.runner import run
from services.scoring.service import ScoringService

run(ScoringService)
