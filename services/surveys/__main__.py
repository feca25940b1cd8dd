"""`python -m services.surveys` starts the service."""

import services.chassis.runtime  # noqa: F401  # first: it makes the standard library cooperative
from services.chassis.runner import run
from services.surveys.service import SurveysService

run(SurveysService)
