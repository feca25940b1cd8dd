"""Questionnaires out of other tools' files, and into them, from the command line."""

from pathlib import Path
from uuid import UUID

from deploy.errors import DeployError
from deploy.operate.calls import OPERATOR, Calls
from schemas.errors import Invalid
from schemas.rpc import surveys

KINDS: dict[str, surveys.FileKind] = {".xlsx": "xlsx", ".csv": "csv", ".lss": "lss"}
SECONDS = 60.0


def read_form(file: Path) -> tuple[surveys.FileKind, bytes]:
    """What kind of form the file is, and its bytes. Raises DeployError for another kind, or none at all."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise DeployError(f"{file} is no form that can be read.", f"Give a file of {', '.join(KINDS)}.")
    try:
        return kind, file.read_bytes()
    except OSError as error:
        raise DeployError(f"{file} cannot be read: {error.strerror}.", "Look at its name and whose it is.") from None


def import_form(
    calls: Calls, tenant: UUID, request: surveys.ImportQuestionnaire
) -> surveys.ImportedQuestionnaire | tuple[str, ...]:
    """The draft; or, of a file that does not do, what is wrong with it, line by line."""
    try:
        return calls.call(surveys.import_questionnaire, request, tenant, OPERATOR, SECONDS)
    except Invalid as error:
        return tuple(f"{_place(problem.path)}: {problem.message}" for problem in error.problems) or (error.message,)


def _place(path: tuple[str, ...]) -> str:
    """`survey, row 7, column type`."""
    named = [f"row {part}" if part.isdigit() and at == 1 else part for at, part in enumerate(path)]
    return ", ".join(f"column {part}" if at == 2 else part for at, part in enumerate(named))


def noted(note: surveys.FileNote) -> str:
    """A note as a line."""
    row = f", row {note.row}" if note.row is not None else ""
    column = f", column {note.column}" if note.column else ""
    return f"{note.sheet}{row}{column}: {note.why} {note.advice}"
