"""Frameworks that are derived from a base, tailored, compared, and brought up to date with it."""

from collections.abc import Callable

import msgspec
import pytest

from schemas.errors import Conflict, Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import (
    DeriveFramework,
    DiffFrameworks,
    FiguresRequest,
    FollowBase,
    Framework,
    FrameworkDiff,
    LibraryRef,
    MyScores,
    Override,
    ReviseFramework,
    VersionRef,
)
from services.chassis.database import Database
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import framework
from tests.support.scoring import Scoring

pytestmark = pytest.mark.integration
WEIGHT = Override(("domains", "voice", "weight"), "5")
NO_TIES = Override(("domains", "ties"), "null")


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    found = Scoring(open_database("scoring"), council.id, officer)
    found.take(found.published())
    return found


def words(diff: FrameworkDiff) -> list[str]:
    return [change.words for change in diff.changes]


def test_a_tailored_framework_is_its_base_with_the_overrides_and_follows_it(scoring: Scoring) -> None:
    base_id = scoring.live_framework()
    derived: Framework = scoring.call(
        "derive_framework", DeriveFramework("ours", VersionRef(base_id), overrides=(WEIGHT, NO_TIES))
    )
    assert (derived.version, derived.status) == (1, "draft")
    assert derived.base is not None
    assert (derived.base.framework_id, derived.base.version) == (base_id, 1)
    assert [(d.code, d.weight) for d in derived.definition.domains] == [("voice", 5.0)]
    said = ['Domain "Ties" was removed.', 'The weight of domain "Voice" was 2 and is 5.']
    assert words(scoring.call("diff_frameworks", DiffFrameworks(VersionRef(derived.id)))) == said
    # the base moves on: what is new comes along, what is tailored stays
    newer = framework(scoring.questionnaire_id)
    first = msgspec.structs.replace(newer.domains[0], title="Having a say", aggregation="geometric")
    newer = msgspec.structs.replace(newer, domains=(first, *newer.domains[1:]))
    scoring.call("revise_framework", ReviseFramework(base_id, newer))
    with pytest.raises(Conflict, match="already rests on version 1"):
        scoring.call("follow_base", FollowBase(derived.id))
    scoring.call("activate_framework", ById(base_id))
    followed: Framework = scoring.call("follow_base", FollowBase(derived.id))
    assert followed.base is not None
    assert (followed.version, followed.status, followed.base.version) == (1, "draft", 2)
    [domain] = followed.definition.domains
    assert (domain.title, domain.aggregation, domain.weight) == ("Having a say", "geometric", 5.0)
    assert words(scoring.call("diff_frameworks", DiffFrameworks(VersionRef(derived.id)))) == [
        said[0],
        'The weight of domain "Having a say" was 2 and is 5.',
    ]
    between = DiffFrameworks(VersionRef(base_id, 2), VersionRef(base_id, 1))
    assert words(scoring.call("diff_frameworks", between)) == [
        'The title of domain "Voice" was "Voice" and is "Having a say".',
        'The kind of mean of domain "Voice" was arithmetic and is geometric.',
    ]
    # where the place of an override is gone, nothing happens, and it is named
    alone = msgspec.structs.replace(newer, domains=newer.domains[1:])
    scoring.call("revise_framework", ReviseFramework(base_id, alone))
    scoring.call("activate_framework", ById(base_id))
    with pytest.raises(Invalid) as lost:
        scoring.call("follow_base", FollowBase(derived.id))
    assert [p.path for p in lost.value.problems] == [("domains", "voice")]


def test_a_base_that_may_still_change_or_is_not_there_is_no_base(scoring: Scoring) -> None:
    base_id = scoring.live_framework()
    scoring.call("revise_framework", ReviseFramework(base_id, framework(scoring.questionnaire_id)))
    with pytest.raises(NotFound):
        scoring.call("derive_framework", DeriveFramework("ours", VersionRef(base_id, 2)))
    with pytest.raises(NotFound):
        scoring.call("derive_framework", DeriveFramework("ours", VersionRef(new_id())))
    with pytest.raises(Conflict, match="has no base to follow"):
        scoring.call("follow_base", FollowBase(base_id))
    with pytest.raises(Conflict, match="say what to compare it with"):
        scoring.call("diff_frameworks", DiffFrameworks(VersionRef(base_id)))


@pytest.mark.parametrize(
    ("override", "path", "message"),
    [
        (Override(("domains", "none", "weight"), "2"), ("overrides", "0", "path"), 'nothing at "domains.none"'),
        (Override(("domains", "voice", "weight"), "heavy"), ("overrides", "0", "value"), "as JSON"),
        (
            Override(("domains", "voice", "weight"), '"2"'),
            ("definition", "domains", "0", "weight"),
            "Expected `float`",
        ),
    ],
)
def test_an_override_that_does_not_fit_is_named(
    scoring: Scoring, override: Override, path: tuple[str, ...], message: str
) -> None:
    base_id = scoring.live_framework()
    with pytest.raises(Invalid) as said:
        scoring.call("derive_framework", DeriveFramework("ours", VersionRef(base_id), overrides=(override,)))
    [problem] = said.value.problems
    assert problem.path == path
    assert message in problem.message


def test_a_framework_can_rest_on_the_library(scoring: Scoring) -> None:
    with pytest.raises(Invalid, match="which base"):
        scoring.call("derive_framework", DeriveFramework("ours"))
    library = LibraryRef("civic-capacity")
    with pytest.raises(Invalid, match="which questionnaire"):
        scoring.call("derive_framework", DeriveFramework("ours", instrument=library))
    # its items are not this questionnaire's: each is named
    with pytest.raises(Invalid, match="needs another look"):
        scoring.call(
            "derive_framework",
            DeriveFramework("ours", instrument=library, questionnaire_id=scoring.questionnaire_id),
        )


def test_old_scores_and_figures_can_be_read_as_they_were(
    scoring: Scoring, resident: Actor, open_database: Callable[[str], Database]
) -> None:
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 11, "alone": 1 + i % 5}) for i in range(20)))
    scoring.take(scoring.submitted({"speak": 7, "vote": 1, "alone": 2}, person=resident.person))
    scoring.release(framework_id)
    mine = scoring.call("my_scores", MyScores(framework_id), resident)
    figures = scoring.call("figures", FiguresRequest(framework_id))
    newer = framework(scoring.questionnaire_id)
    heavier = msgspec.structs.replace(newer.domains[1], weight=9)
    scoring.call(
        "revise_framework",
        ReviseFramework(framework_id, msgspec.structs.replace(newer, domains=(newer.domains[0], heavier))),
    )
    scoring.call("activate_framework", ById(framework_id))
    scoring.take(*(scoring.submitted({"speak": 0}) for _ in range(10)))
    assert scoring.call("my_scores", MyScores(framework_id), resident) != mine
    assert scoring.call("figures", FiguresRequest(framework_id)) != figures
    assert scoring.call("my_scores", MyScores(framework_id, framework_version=1), resident) == mine
    assert scoring.call("figures", FiguresRequest(framework_id, framework_version=1)) == figures
    # what was public then, beside what is public now, is for the council's own people
    with pytest.raises(NotFound):
        scoring.call("figures", FiguresRequest(framework_id, framework_version=1), resident)
    old: Framework = scoring.call("framework_version", VersionRef(framework_id, 1), resident)
    assert (old.version, old.status, old.definition.domains[1].weight) == (1, "replaced", 1.0)
    with pytest.raises(Invalid, match="which framework"):
        scoring.call("my_scores", MyScores(framework_version=1), resident)
    scoring.call("revise_framework", ReviseFramework(framework_id, newer))
    assert scoring.call("framework_version", VersionRef(framework_id, 3)).status == "draft"
    with pytest.raises(NotFound):
        scoring.call("framework_version", VersionRef(framework_id, 3), resident)
