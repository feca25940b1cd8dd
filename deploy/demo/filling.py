"""Setting the demonstration up: each step looks first whether it has been done, so that any run may be the second."""

from collections.abc import Callable, Iterable
from uuid import UUID, uuid5

from deploy.demo import answers, questionnaire
from deploy.demo.places import PLACES, Place
from deploy.errors import DeployError
from deploy.local.system import System
from deploy.operate.calls import Calls, InternalError, explained
from deploy.operate.forms import Desk
from deploy.operate.tenants import Tenants
from schemas.errors import CivicError
from schemas.roles import Actor, Role
from schemas.rpc import case_studies, directory, surveys
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.case_studies import ListCaseStudies
from schemas.rpc.surveys import Consent, ImportResponses

MARK = "demonstration"
"""The setting of a council that is ours to fill; a real one of the same name is left alone."""
FRAMEWORK = "civic-capacity"


def ensure(system: System, echo: Callable[[str], None] = print, places: Iterable[Place] = PLACES) -> None:
    """Have the councils with all their data; does nothing where they are. Raises DeployError."""
    tenants = Tenants(system.provisioned.owner_url("platform"))
    with Calls(system.provisioned.amqp_url("operator")) as calls:
        for place in places:
            tenant = _council(tenants, place, echo)
            if tenant is None:
                continue
            try:
                _fill(Desk(calls, tenant, echo), place)
            except (CivicError, InternalError) as error:
                raise explained(error, f"The demonstration council '{place.slug}' is not complete.") from None


def _council(tenants: Tenants, place: Place, echo: Callable[[str], None]) -> UUID | None:
    try:
        known = tenants.get(place.slug)
    except DeployError:
        tenants.create(place.slug, place.name, place.code, settings={MARK: True})
        known = tenants.get(place.slug)
    if not known["settings"].get(MARK):
        echo(f"'{place.slug}' is no demonstration: left as it is")
        return None
    if known["areas"] == 0:
        tenants.import_areas(place.slug, place.wards())
    return UUID(str(known["id"])) if known["status"] == "active" else None


def _fill(desk: Desk, place: Place) -> None:
    form = desk.open_questionnaire(questionnaire.SLUG, questionnaire.definition(place.name))
    if form.status == "published":
        _responses(desk, place, form.id)
    desk.live_framework(FRAMEWORK, questionnaire.framework(form.id))
    author = Actor(uuid5(desk.tenant, "demonstration author"), (Role.OFFICER,))
    reviewer = Actor(uuid5(desk.tenant, "demonstration reviewer"), (Role.OFFICER,))
    _entries(desk, place, author)
    _story(desk, place, author, reviewer)


def _responses(desk: Desk, place: Place, questionnaire_id: UUID) -> None:
    """Sent as one import, which is taken once however often it is sent.

    In one call, so that all of it counts before the first figures come out: a ward that was hidden for its few first
    answers would stay so until five more come.
    """
    import_id = uuid5(questionnaire_id, "demonstration answers")
    mark = desk.ask(surveys.import_progress, ById(import_id)).last_row
    if mark >= answers.COUNT:
        return
    consent = Consent(answers.FORM.consent.version, tuple(answers.FORM.consent.purposes))
    rows = tuple(answers.rows(place.slug, [ward.code for ward in place.wards()]))
    desk.ask(surveys.import_responses, ImportResponses(import_id, questionnaire_id, consent, rows, rows[-1].row))


def _entries(desk: Desk, place: Place, author: Actor) -> None:
    """An entry that was withdrawn stays so: it is still the author's."""
    known = {entry.name: entry for entry in desk.ask(directory.my_entries, PageRequest(100), author).items}
    for wanted in place.entries():
        entry = known.get(wanted.name) or desk.ask(directory.create_entry, wanted, author)
        if entry.status == "draft":
            desk.ask(directory.publish_entry, ById(entry.id), author)


def _story(desk: Desk, place: Place, author: Actor, reviewer: Actor) -> None:
    own = desk.ask(case_studies.list_case_studies, ListCaseStudies(100, scope="own"), author).items
    story = own[0] if own else desk.ask(case_studies.write, place.story(), author)
    if story.status == "draft":
        story = desk.ask(case_studies.submit, ById(story.id), author)
    if story.status == "review":
        desk.ask(case_studies.publish, ById(story.id), reviewer)
