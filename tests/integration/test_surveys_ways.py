"""Ways in, links, waves, and one counted response for each person and wave."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from deploy.provision.run import Provisioned
from schemas.errors import CivicError, Conflict, Invalid, NotFound
from schemas.ids import new_id, now
from schemas.roles import Actor, Role
from schemas.rpc.base import ById, PageRequest
from schemas.rpc.surveys import (
    CloseWave,
    CorrectResponse,
    FollowLink,
    ImportResponses,
    ImportRow,
    ListLinks,
    ListWaves,
    MakeGroupLink,
    MakePersonalLinks,
    OpenWave,
    Questionnaire,
    SetWays,
    Submission,
    SubmitAssisted,
    SubmitPaper,
    SubmitResponses,
    Way,
)
from services.chassis.tenancy import acting
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import CONSENT, submission
from tests.support.rows import connected, told

pytestmark = pytest.mark.integration
NOBODY = Actor(None, (Role.ANONYMOUS,))
ALL: tuple[Way, ...] = ("open", "signed_in", "personal_link", "group_link", "assisted", "paper")
NO_LINK = "this link does not work"


@pytest.fixture
def wide(surveys: Any, council: TestCouncil, officer: Actor, published: Questionnaire) -> Questionnaire:
    """The questionnaire, with every way in switched on."""
    with acting(council.id, officer):
        found: Questionnaire = surveys.set_ways(SetWays(published.id, ALL))
    return found


def responses(provisioned: Provisioned, council: TestCouncil) -> list[dict[str, Any]]:
    """What was told of responses, oldest first."""
    return [data for kind, data in told(provisioned, "surveys", council.id) if kind == "surveys.response_submitted.v1"]


def modes(provisioned: Provisioned, council: TestCouncil) -> list[tuple[str, bool, bool]]:
    """Mode, whether it was vouched for, and whether it is tied to a person, of every response told."""
    return [(d["mode"], d["vouched"], d["person"] is not None) for d in responses(provisioned, council)]


def refusals(attempts: Sequence[Any]) -> list[str]:
    """What each call that goes wrong says."""
    said = []
    for attempt in attempts:
        with pytest.raises(CivicError) as caught:
            attempt()
        said.append(f"{type(caught.value).__name__}: {caught.value}")
    return said


def test_every_way_is_recorded_and_says_whether_somebody_vouches(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor, wide: Questionnaire
) -> None:
    assert set(wide.ways) == set(ALL)
    worker = Actor(new_id(), (Role.GROUP,))
    with acting(council.id, officer):
        [personal] = surveys.make_personal_links(MakePersonalLinks(wide.id)).items
        group = surveys.make_group_link(MakeGroupLink(wide.id, "Tuesday choir"))
    with acting(council.id, NOBODY):
        plain = surveys.submit_response(submission(wide.id, "key-000000a1"))
        surveys.submit_response(submission(wide.id, "key-000000a2", link=personal.token))
        surveys.submit_response(submission(wide.id, "key-000000a3", link=group.token))
    with acting(council.id, resident):
        mine = surveys.submit_response(submission(wide.id, "key-000000a4"))
    with acting(council.id, Actor(new_id(), (Role.RESIDENT,))):
        surveys.submit_response(submission(wide.id, "key-000000a5", anonymous=True))
        surveys.submit_response(submission(wide.id, "key-000000a6", link=group.token))
    with acting(council.id, worker):
        surveys.submit_assisted(SubmitAssisted(submission(wide.id, "key-000000a7")))
    with acting(council.id, officer):
        surveys.submit_paper(SubmitPaper(submission(wide.id, "key-000000a8"), "A 17"))
        surveys.import_responses(ImportResponses(new_id(), wide.id, CONSENT, (ImportRow(1, {"speak": 1}),), 1))
    assert modes(provisioned, council) == [
        ("open", False, False),
        ("personal_link", True, True),
        ("group_link", False, False),
        ("signed_in", True, True),
        ("open", False, False),
        ("group_link", True, True),
        ("assisted", True, False),
        ("paper", True, False),
        ("import", True, False),
    ]
    assert responses(provisioned, council)[1]["person"] == str(personal.participant)
    # who has no account is shown a code to take it back by; who has one needs none
    assert (len(plain.withdrawal_code), mine.withdrawal_code) == (19, None)
    with connected(provisioned, "surveys", council.id) as connection:
        entered = connection.execute(
            "SELECT mode, entered_by FROM responses WHERE entered_by IS NOT NULL ORDER BY mode"
        ).fetchall()
        rows = str(connection.execute("SELECT * FROM responses").fetchall())
    assert entered == [("assisted", worker.person), ("paper", officer.person)]
    events = str(told(provisioned, "surveys", council.id))
    for secret in (personal.token, group.token, plain.withdrawal_code, str(worker.person), "choir"):
        assert secret not in events
        assert secret not in rows or secret == str(worker.person)


def test_a_way_that_is_switched_off_takes_nothing(
    surveys: Any,
    provisioned: Provisioned,
    council: TestCouncil,
    officer: Actor,
    resident: Actor,
    published: Questionnaire,
) -> None:
    with acting(council.id, officer):
        token = surveys.make_group_link(MakeGroupLink(published.id, "Choir")).token
        [personal] = surveys.make_personal_links(MakePersonalLinks(published.id)).items
        by_hand = refusals(
            [
                lambda: surveys.submit_assisted(SubmitAssisted(submission(published.id))),
                lambda: surveys.submit_paper(SubmitPaper(submission(published.id), "1")),
                lambda: surveys.submit_response(submission(published.id, link=token)),
                lambda: surveys.submit_response(submission(published.id, link=personal.token)),
            ]
        )
        surveys.set_ways(SetWays(published.id, ("personal_link",)))
    with acting(council.id, NOBODY):
        shut = refusals([lambda: surveys.submit_response(submission(published.id))])
        surveys.submit_response(submission(published.id, link=personal.token))
    with acting(council.id, resident):
        shut += refusals([lambda: surveys.submit_response(submission(published.id, "key-00000002"))])
    assert by_hand == [
        "Conflict: answers that a worker enters are switched off for this questionnaire",
        "Conflict: paper forms are switched off for this questionnaire",
        "Conflict: group links are switched off for this questionnaire",
        "Conflict: personal links are switched off for this questionnaire",
    ]
    assert shut == [
        "Conflict: sign in, or use the link that you were given, to answer this",
        "Conflict: use the link that you were given to answer this",
    ]
    assert modes(provisioned, council) == [("personal_link", True, True)]


def test_a_personal_link_takes_one_response_even_from_two_at_once(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, wide: Questionnaire
) -> None:
    with acting(council.id, officer):
        [link] = surveys.make_personal_links(MakePersonalLinks(wide.id)).items

    def send(number: int) -> str:
        with acting(council.id, NOBODY):
            try:
                surveys.submit_response(submission(wide.id, f"key-0000000{number}", link=link.token))
            except NotFound as error:
                return str(error)
        return "taken"

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(send, range(4)))
    assert (said.count("taken"), {s[: len(NO_LINK)] for s in said}) == (1, {"taken", NO_LINK})
    assert len(responses(provisioned, council)) == 1
    # the one who was taken and missed the receipt still gets it
    taken = said.index("taken")
    with acting(council.id, NOBODY):
        again = surveys.submit_response(submission(wide.id, f"key-0000000{taken}", link=link.token))
    assert again.repeated is True
    with acting(council.id, officer):
        [shown] = surveys.list_links(ListLinks(questionnaire_id=wide.id)).items
    assert (shown.works, shown.token, shown.participant) == (False, None, link.participant)


def test_a_refused_or_repeated_response_does_not_use_a_link_up(
    surveys: Any, council: TestCouncil, officer: Actor, wide: Questionnaire
) -> None:
    with acting(council.id, officer):
        [link] = surveys.make_personal_links(MakePersonalLinks(wide.id)).items
    with acting(council.id, NOBODY):
        surveys.submit_response(submission(wide.id, "key-00000001"))
        with pytest.raises(Invalid):
            surveys.submit_response(submission(wide.id, "key-00000002", link=link.token, answers={"speak": 99}))
        with pytest.raises(Conflict, match="idempotency key"):
            surveys.submit_response(submission(wide.id, "key-00000001", link=link.token))
        surveys.submit_response(submission(wide.id, "key-00000003", link=link.token.lower().replace("-", " ")))


def test_links_that_are_wrong_used_revoked_over_or_elsewhere_say_the_same(
    surveys: Any,
    provisioned: Provisioned,
    council: TestCouncil,
    other_council: TestCouncil,
    officer: Actor,
    wide: Questionnaire,
) -> None:
    with acting(council.id, officer):
        used, revoked, over, good = surveys.make_personal_links(MakePersonalLinks(wide.id, 4)).items
        full = surveys.make_group_link(MakeGroupLink(wide.id, "Fair", cap=2))
        assert surveys.revoke_link(ById(revoked.id)).revoked is True
        with pytest.raises(Conflict):
            surveys.revoke_link(ById(revoked.id))
        with pytest.raises(Invalid, match="has passed"):
            surveys.make_group_link(MakeGroupLink(wide.id, "Fair", ends_at=now() - timedelta(hours=1)))
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute("UPDATE links SET ends_at = now() - interval '1 second' WHERE id = %s", (over.id,))
    with acting(council.id, NOBODY):
        surveys.submit_response(submission(wide.id, "key-00000001", link=used.token))
        for number in (2, 3):
            surveys.submit_response(submission(wide.id, f"key-0000000{number}", link=full.token))
        tokens = [used.token, revoked.token, over.token, full.token, "no-such-token", ""]
        said = {
            *refusals(
                [lambda t=t: surveys.submit_response(submission(wide.id, "key-00000009", link=t)) for t in tokens]
            ),
            *refusals([lambda t=t: surveys.follow_link(FollowLink(t)) for t in tokens]),
        }
        found = surveys.follow_link(FollowLink(good.token))
    with acting(other_council.id, NOBODY):
        said |= set(refusals([lambda: surveys.follow_link(FollowLink(good.token))]))
    [sentence] = said
    assert sentence.startswith(f"NotFound: {NO_LINK}")
    assert (found.questionnaire_id, found.kind) == (wide.id, "personal")


def test_participants_keep_their_pseudonym_from_wave_to_wave(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor, wide: Questionnaire
) -> None:
    with acting(council.id, officer):
        first = surveys.open_wave(OpenWave(wide.id, "2026", "Spring 2026"))
        [before] = surveys.make_personal_links(MakePersonalLinks(wide.id)).items
        with pytest.raises(Invalid, match="not known here"):
            surveys.make_personal_links(MakePersonalLinks(wide.id, participants=(new_id(),)))
        [again] = surveys.make_personal_links(MakePersonalLinks(wide.id, participants=(before.participant,))).items
    with acting(council.id, NOBODY):
        surveys.submit_response(submission(wide.id, "key-00000001", link=before.token))
    with acting(council.id, officer):
        closed = surveys.close_wave(CloseWave(wide.id))
        with pytest.raises(Conflict, match="no wave is open"):
            surveys.close_wave(CloseWave(wide.id))
        assert surveys.set_ways(SetWays(wide.id, ALL)).wave is None
    with acting(council.id, resident), pytest.raises(Conflict, match="round of questions is over"):
        surveys.submit_response(submission(wide.id, "key-00000003"))
    with acting(council.id, officer):
        with pytest.raises(Invalid, match="code is taken"):
            surveys.open_wave(OpenWave(wide.id, "2026", "Again"))
        second = surveys.open_wave(OpenWave(wide.id, "2027", "Spring 2027"))
        assert [w.code for w in surveys.list_waves(ListWaves(questionnaire_id=wide.id)).items] == ["2027", "2026"]
    with acting(council.id, NOBODY):
        surveys.submit_response(submission(wide.id, "key-00000004", link=again.token))
    assert (first.closed_at, closed.id, second.closed_at) == (None, first.id, None)
    one, two = responses(provisioned, council)
    assert (one["wave"], two["wave"], one["person"], two["person"]) == (
        "2026",
        "2027",
        str(before.participant),
        str(before.participant),
    )


def test_one_response_of_a_person_counts_in_a_wave_and_the_newest_takes_the_place(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, resident: Actor, wide: Questionnaire
) -> None:
    def send(number: int, **more: Any) -> Any:
        with acting(council.id, resident):
            return surveys.submit_response(
                submission(wide.id, f"key-0000000{number}", answers={"speak": number}, **more)
            )

    with ThreadPoolExecutor(3) as threads:
        receipts = list(threads.map(send, range(3)))
    assert sorted((r.response_version, r.replaced) for r in receipts) == [(1, False), (2, True), (3, True)]
    newest = max(receipts, key=lambda r: r.response_version)
    with acting(council.id, resident):
        [mine] = surveys.my_responses(PageRequest()).items
        assert (mine.id, mine.response_version, mine.answers) == (
            newest.response_id,
            3,
            {"speak": receipts.index(newest)},
        )
        with pytest.raises(Conflict, match="idempotency key"):
            send([r.response_version for r in receipts].index(1))
        surveys.withdraw_response(ById(mine.id))
    assert send(7).replaced is False  # who took an answer back may answer again
    with acting(council.id, officer):
        surveys.open_wave(OpenWave(wide.id, "next", "Next"))
    assert send(8).replaced is False
    with acting(council.id, resident), pytest.raises(Conflict, match="round of questions is over"):
        surveys.correct_response(CorrectResponse(surveys.my_responses(PageRequest()).items[1].id, {"speak": 1}))
    told_of = [(d["wave"], d["response_version"]) for d in responses(provisioned, council)]
    assert told_of == [("", 1), ("", 2), ("", 3), ("", 1), ("next", 1)]


def test_one_batch_with_two_of_a_person_takes_both_and_counts_the_last(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, resident: Actor, published: Questionnaire
) -> None:
    items = tuple(
        Submission(resident, submission(published.id, f"key-0000000{i}", answers={"speak": i})) for i in range(3)
    )
    with acting(council.id, resident):
        outcomes = surveys.submit_responses(SubmitResponses(items)).items
    assert [(o.receipt.response_version, o.receipt.replaced) for o in outcomes] == [(1, False), (2, True), (3, True)]
    assert [d["values"] for d in responses(provisioned, council)] == [{"speak": 0}, {"speak": 1}, {"speak": 2}]


def test_a_wave_whose_time_is_over_takes_nothing(
    surveys: Any,
    provisioned: Provisioned,
    council: TestCouncil,
    officer: Actor,
    resident: Actor,
    published: Questionnaire,
) -> None:
    with acting(council.id, officer):
        with pytest.raises(Invalid, match="has passed"):
            surveys.open_wave(OpenWave(published.id, "late", "Late", now() - timedelta(days=1)))
        surveys.open_wave(OpenWave(published.id, "short", "Short", now() + timedelta(days=1)))
    with acting(council.id, resident):
        surveys.submit_response(submission(published.id))
    with connected(provisioned, "surveys", council.id) as connection:
        connection.execute("UPDATE waves SET ends_at = now() - interval '1 second'")
    with acting(council.id, NOBODY), pytest.raises(Conflict, match="round of questions is over"):
        surveys.submit_response(submission(published.id, "key-00000002"))


def test_a_paper_form_is_taken_once(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, wide: Questionnaire
) -> None:
    with acting(council.id, officer):
        first = surveys.submit_paper(SubmitPaper(submission(wide.id, "key-00000001"), "A 17"))
        again = surveys.submit_paper(SubmitPaper(submission(wide.id, "key-00000001"), "a17"))
        with pytest.raises(Conflict, match="a form with this number was entered before"):
            surveys.submit_paper(SubmitPaper(submission(wide.id, "key-00000001", answers={"speak": 1}), "A17"))
        with pytest.raises(Invalid, match="kept for imports and paper forms"):
            surveys.submit_response(submission(wide.id, f"paper:{wide.id}:b1"))
    assert (again.response_id, again.repeated) == (first.response_id, True)
    assert len(responses(provisioned, council)) == 1


def test_of_a_file_every_row_counts(
    surveys: Any, provisioned: Provisioned, council: TestCouncil, officer: Actor, published: Questionnaire
) -> None:
    person = new_id()
    rows = tuple(ImportRow(i, {"speak": i}, person=person) for i in range(1, 3))
    with acting(council.id, officer):
        outcome = surveys.import_responses(ImportResponses(new_id(), published.id, CONSENT, rows, 4))
    with acting(council.id, Actor(person, (Role.RESIDENT,))):
        assert surveys.submit_response(submission(published.id, answers={"speak": 3})).replaced is False
        assert surveys.submit_response(submission(published.id, "key-00000002", answers={"speak": 4})).replaced is True
    assert (outcome.accepted, outcome.repeated, outcome.rejects) == (2, 0, ())
    assert [d["values"]["speak"] for d in responses(provisioned, council)] == [1, 2, 3, 4]
