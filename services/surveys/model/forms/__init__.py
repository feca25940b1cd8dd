"""Questionnaires in other tools' files: XLSForm in and out, LimeSurvey in. Pure: bytes in, drafts and notes out."""

from services.surveys.model.forms.limesurvey import read_limesurvey
from services.surveys.model.forms.own_sheets import UNWRITTEN
from services.surveys.model.forms.result import Draft, Note, Quota, Refused, Wrong
from services.surveys.model.forms.xlsform import Wishes, read_xlsform
from services.surveys.model.forms.xlsform_out import write_xlsform

__all__ = [
    "UNWRITTEN",
    "Draft",
    "Note",
    "Quota",
    "Refused",
    "Wishes",
    "Wrong",
    "read_limesurvey",
    "read_xlsform",
    "write_xlsform",
]
