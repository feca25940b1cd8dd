"""What a questionnaire is and what counts as an answer to it. Pure: no I/O and no framework."""

from services.surveys.model.checking import check, groups, values
from services.surveys.model.compiling import compiled
from services.surveys.model.form import Attribute, Consent, Fault, Form, Item, Submission
from services.surveys.model.sentences import saying
from services.surveys.model.writing import faults_of

__all__ = [
    "Attribute",
    "Consent",
    "Fault",
    "Form",
    "Item",
    "Submission",
    "check",
    "compiled",
    "faults_of",
    "groups",
    "saying",
    "values",
]
