"""`python -m services.case_studies` starts the service."""

import services.chassis.runtime  # noqa: F401  # first: it makes the standard library cooperative
from services.case_studies.service import CaseStudiesService
from services.chassis.runner import run

run(CaseStudiesService)
