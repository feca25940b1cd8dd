"""What a questionnaire is and what counts as an answer to it. Pure: no I/O and no framework."""

from services.surveys.model.form import Attribute, Consent, Fault, Form, Item, Submission
from services.surveys.model.reading import check, values
from services.surveys.model.writing import faults_of

__all__ = ["Attribute", "Consent", "Fault", "Form", "Item", "Submission", "check", "faults_of", "values"]
