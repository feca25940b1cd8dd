"""Questionnaires in other tools' files: XLSForm in and out, LimeSurvey in. Pure: bytes in, drafts and notes out."""

from services.surveys.model.forms.result import Draft, Note, Quota, Refused, Wrong
from services.surveys.model.forms.xlsform import Wishes, read_xlsform
from services.surveys.model.forms.xlsform_out import write_xlsform

__all__ = ["Draft", "Note", "Quota", "Refused", "Wishes", "Wrong", "read_xlsform", "write_xlsform"]
