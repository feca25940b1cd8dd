"""What a questionnaire is and what counts as an answer to it. Pure: no I/O and no framework."""

from services.surveys.model import representation
from services.surveys.model.checking import check, groups, values
from services.surveys.model.compiling import compiled, program
from services.surveys.model.consents import changed, counted
from services.surveys.model.form import COMMUNITY_GROUP, Attribute, Consent, Fault, Form, Item, Submission
from services.surveys.model.sentences import saying
from services.surveys.model.ways import NO_SUCH_LINK, USUAL, Link, groups_by, groups_kept, is_vouched, shut, way_in
from services.surveys.model.writing import faults_of

__all__ = [
    "COMMUNITY_GROUP",
    "NO_SUCH_LINK",
    "USUAL",
    "Attribute",
    "Consent",
    "Fault",
    "Form",
    "Item",
    "Link",
    "Submission",
    "changed",
    "check",
    "compiled",
    "counted",
    "faults_of",
    "groups",
    "groups_by",
    "groups_kept",
    "is_vouched",
    "program",
    "representation",
    "saying",
    "shut",
    "values",
    "way_in",
]
