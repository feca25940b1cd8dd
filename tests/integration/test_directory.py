"""The directory's operations on the real database, as the service's own role."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from schemas.errors import Conflict, Forbidden, Invalid, NotFound
from schemas.events.directory import EntryPublished, EntryWithdrawn
from schemas.ids import new_id, now
from schemas.roles import Role
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.directory import Contact, CreateEntry, Entry, Funding, SearchDirectory, SuggestEntries, UpdateEntry
from services.chassis.database import Database
from services.directory import operations
from tests.integration.councils import Council, database_of, refused, rows_as, rows_without_council

pytestmark = pytest.mark.integration
MISSING = "there is no such entry"


@pytest.fixture(scope="module")
def database(provisioned: Any) -> Iterator[Database]:
    with database_of(provisioned.database_url("directory"), "directory") as opened:
        yield opened


@pytest.fixture
def council(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


@pytest.fixture
def other(provisioned: Any, make_council: Any) -> Council:
    return Council(provisioned.admin_url, make_council().id)


def add(
    database: Database, council: Council, person: UUID | None = None, *, publish: bool = True, **fields: Any
) -> Entry:
    fields = {"kind": "organisation", "name": "Green Fingers", "description": "We dig.", **fields}
    with council.acting(person or uuid4()):
        entry = operations.create_entry(database, CreateEntry(**fields))
        return operations.publish_entry(database, ById(entry.id)) if publish else entry


def found(database: Database, council: Council, text: str | None = None, **fields: Any) -> list[str]:
    with council.acting(None, Role.ANONYMOUS):
        return [entry.name for entry in operations.search(database, SearchDirectory(text, **fields)).items]


def test_an_entry_from_draft_to_withdrawn(database: Database, council: Council) -> None:
    ann = uuid4()
    with council.acting(ann):
        draft = operations.create_entry(
            database,
            CreateEntry(
                kind="funding",
                name="Small Grants",
                description="For new groups.",
                area="E05002169",
                tags=("arts", "youth", "arts"),
                contact=Contact(email="grants@example.org", website="https://example.org"),
                funding=Funding(100, 500),
            ),
        )
    assert (draft.status, draft.own, draft.tags) == ("draft", True, ("arts", "youth"))
    assert draft.funding == Funding(100, 500)
    assert draft.contact == Contact(email="grants@example.org", website="https://example.org")
    assert council.told("directory") == []
    assert found(database, council) == []

    with council.acting(ann):
        published = operations.publish_entry(database, ById(draft.id))
    assert published.status == "published"
    assert [e.data for e in council.told("directory")] == [
        EntryPublished(draft.id, "funding", "E05002169", ("arts", "youth"))
    ]
    assert found(database, council) == ["Small Grants"]

    with council.acting(ann):
        changed = operations.update_entry(
            database, UpdateEntry(id=draft.id, name="Grants", description="For all.", tags=("youth",))
        )
        assert (changed.name, changed.area, changed.contact, changed.funding) == ("Grants", None, Contact(), Funding())
        assert changed.updated_at > published.updated_at
        assert [e.data for e in council.told("directory")] == [EntryPublished(draft.id, "funding", None, ("youth",))]
        assert operations.withdraw_entry(database, ById(draft.id)).status == "withdrawn"
        assert [e.data for e in council.told("directory")] == [EntryWithdrawn(draft.id)]
        for call, message in (
            (operations.publish_entry, "this entry is withdrawn; add a new one instead"),
            (operations.withdraw_entry, "this entry is already withdrawn; there is nothing left to do"),
        ):
            with refused(Conflict, message):
                call(database, ById(draft.id))
        with refused(Conflict, "this entry is withdrawn; add a new one instead"):
            operations.update_entry(database, UpdateEntry(id=draft.id, name="Again", description="Again."))
    assert council.told("directory") == []
    assert found(database, council) == []


def test_a_withdrawn_draft_is_told_to_nobody(database: Database, council: Council) -> None:
    ann = uuid4()
    draft = add(database, council, ann, publish=False)
    with council.acting(ann):
        operations.withdraw_entry(database, ById(draft.id))
    assert council.told("directory") == []


def test_what_is_wrong_is_named_and_nothing_stored(database: Database, council: Council) -> None:
    ann = uuid4()
    with council.acting(ann):
        with refused(Invalid, "this area is not known here", "area"):
            operations.create_entry(
                database, CreateEntry(kind="organisation", name="A", description="B", area="E05000009")
            )
        with refused(Invalid, "some fields need another look", "contact", "website"):
            contact = Contact(website="javascript:alert(1)")
            operations.create_entry(
                database, CreateEntry(kind="organisation", name="A", description="B", contact=contact)
            )
        assert operations.my_entries(database, PageRequest()).items == ()


def test_people_are_listed_only_with_their_consent(database: Database, council: Council) -> None:
    ann, officer = uuid4(), uuid4()
    draft = add(database, council, ann, publish=False, kind="person", name="Ann")
    content: dict[str, Any] = {"id": draft.id, "name": "Ann", "description": "I can cook."}
    with (
        council.acting(ann),
        refused(Conflict, "this entry is a draft without consent; agree to be listed, then publish it"),
    ):
        operations.publish_entry(database, ById(draft.id))
    with council.acting(officer, Role.OFFICER):
        operations.update_entry(database, UpdateEntry(**content, consent_to_list=True))
        with refused(Forbidden, "only whoever added an entry may publish it"):
            operations.publish_entry(database, ById(draft.id))
    with council.acting(ann):
        with refused(Conflict, "this entry is a draft without consent; agree to be listed, then publish it"):
            operations.publish_entry(database, ById(draft.id))
        operations.update_entry(database, UpdateEntry(**content, consent_to_list=True))
        assert operations.publish_entry(database, ById(draft.id)).status == "published"
        with refused(Invalid, "this entry is published", "consent_to_list"):
            operations.update_entry(database, UpdateEntry(**content))
    assert found(database, council) == ["Ann"]


def test_who_may_see_and_change_what(database: Database, council: Council) -> None:
    ann, ben, officer = uuid4(), uuid4(), uuid4()
    draft = add(database, council, ann, publish=False, name="Draft")
    shown = add(database, council, ann, name="Shown")
    content: dict[str, Any] = {"name": "New", "description": "New."}
    with council.acting(ben):
        for call in (operations.publish_entry, operations.withdraw_entry):
            with refused(NotFound, MISSING):
                call(database, ById(draft.id))
            with refused(Forbidden, "only whoever added an entry, or an officer, may change it"):
                call(database, ById(shown.id))
        with refused(NotFound, MISSING):
            operations.update_entry(database, UpdateEntry(id=draft.id, **content))
        with refused(Forbidden, "only whoever added an entry, or an officer, may change it"):
            operations.update_entry(database, UpdateEntry(id=shown.id, **content))
        seen = operations.entries(database, ByIds((draft.id, shown.id, uuid4()))).items
        assert [(e.id, e.own) for e in seen] == [(shown.id, False)]
        assert operations.my_entries(database, PageRequest()).items == ()
    with council.acting(officer, Role.OFFICER):
        assert len(operations.entries(database, ByIds((draft.id, shown.id))).items) == 2
        assert operations.update_entry(database, UpdateEntry(id=draft.id, **content)).name == "New"
        assert operations.withdraw_entry(database, ById(shown.id)).status == "withdrawn"
    with council.acting(None, Role.ANONYMOUS):
        assert operations.entries(database, ByIds((draft.id, shown.id))).items == ()
        with refused(Forbidden, "sign in as a person to do this"):
            operations.my_entries(database, PageRequest())
        with refused(Forbidden, "sign in as a person to do this"):
            operations.create_entry(database, CreateEntry(kind="organisation", **content))


def test_another_council_sees_nothing(database: Database, council: Council, other: Council) -> None:
    ann = uuid4()
    entry = add(database, council, ann, name="Secret garden", tags=("garden",))
    # the same person, and an officer: neither helps in another council
    with other.acting(ann, Role.OFFICER, Role.ADMIN):
        for entry_id in (entry.id, uuid4()):
            for call in (operations.publish_entry, operations.withdraw_entry):
                with refused(NotFound, MISSING):
                    call(database, ById(entry_id))
            with refused(NotFound, MISSING):
                operations.update_entry(database, UpdateEntry(id=entry_id, name="X", description="X"))
            assert operations.entries(database, ByIds((entry_id,))).items == ()
        assert operations.my_entries(database, PageRequest()).items == ()
    assert found(database, other, "garden") == found(database, other) == found(database, other, tags=("garden",)) == []
    assert found(database, other, str(council.id)) == []
    assert found(database, council, "garden") == ["Secret garden"]


def test_row_security_stands_below_the_code(
    database: Database, council: Council, other: Council, provisioned: Any
) -> None:
    add(database, council, name="Mine")
    url = provisioned.database_url("directory")
    with pytest.raises(psycopg.Error, match=r"app\.tenant"):
        rows_without_council(url, "entries")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows_as(url, council.id, "outbox")
    with pytest.raises(psycopg.Error, match=r"app\.tenant"):
        rows_without_council(url, "matching('mine', '{}', NULL, '{}', '2026-01-01', NULL, NULL, 10)")
    assert (rows_as(url, council.id, "entries"), rows_as(url, other.id, "entries")) == (1, 0)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(other.id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "INSERT INTO entries (tenant_id, id, owner, kind, status, name, description, tags, contact, consent,"
                " created_at, updated_at) VALUES (%s, %s, %s, 'person', 'draft', 'x', 'x', '{}', '{}', false, now(),"
                " now())",
                (council.id, uuid4(), uuid4()),
            )


def test_search_knows_words_and_weighs_where_they_stand(database: Database, council: Council) -> None:
    add(database, council, name="Allotments", description="A garden for everyone, and running water.")
    add(database, council, name="Tools", description="We lend.", tags=("garden-tools", "mental_health"))
    add(database, council, name="Community Gardens", description="We dig.")
    add(database, council, name="Klub Polski", description="Zapraszamy na spotkania.")
    assert found(database, council, "gardening") == ["Community Gardens", "Tools", "Allotments"]
    assert found(database, council, "runs") == ["Allotments"]
    assert found(database, council, "spotkania") == ["Klub Polski"]
    assert found(database, council, "mental health") == ["Tools"]
    assert found(database, council, "garden -dig") == ["Tools", "Allotments"]
    assert found(database, council, "garden -runs") == ["Community Gardens", "Tools"]
    assert found(database, council, '"running water"') == ["Allotments"]
    assert sorted(found(database, council, "tools or klub")) == ["Klub Polski", "Tools"]
    assert found(database, council, "nothing like it") == []
    assert found(database, council, "'); DROP TABLE entries; --") == []
    assert found(database, council, "   ") == ["Klub Polski", "Community Gardens", "Tools", "Allotments"]


def test_search_narrows(database: Database, council: Council) -> None:
    today = now().date()
    add(database, council, name="A", area="E05002169", tags=("arts", "youth"))
    add(database, council, name="B", kind="support_group", area="E05002170", tags=("arts",))
    add(database, council, name="Open", kind="funding", funding=Funding(deadline=today))
    past = add(database, council, name="Past", kind="funding", funding=Funding(deadline=today - timedelta(days=1)))
    add(database, council, publish=False, name="Draft", tags=("arts",))
    for text in (None, "dig"):
        assert sorted(found(database, council, text)) == ["A", "B", "Open"]
        assert sorted(found(database, council, text, tags=("arts",))) == ["A", "B"]
        assert found(database, council, text, tags=("arts", "youth")) == ["A"]
        assert found(database, council, text, area="E05002170") == ["B"]
        assert sorted(found(database, council, text, kinds=("support_group", "funding"))) == ["B", "Open"]
    with council.acting(uuid4()):
        assert [e.name for e in operations.entries(database, ByIds((past.id,))).items] == ["Past"]


@pytest.mark.parametrize("text", [None, "garden"])
def test_pages_join_without_gap_or_repeat(database: Database, council: Council, text: str | None) -> None:
    ann = uuid4()
    for number in range(7):  # equal ranks too: three entries name it twice, four once
        add(database, council, ann, name=f"Garden {number}", description="garden" if number % 2 else "shed")
    names: list[str] = []
    after, pages = None, 0
    while True:
        with council.acting(ann):
            page = operations.search(database, SearchDirectory(text, first=3, after=after))
        names += [e.name for e in page.items]
        after, pages = page.next, pages + 1
        if after is None:
            break
    assert pages == 3
    assert names == (
        [f"Garden {n}" for n in (5, 3, 1, 6, 4, 2, 0)] if text else [f"Garden {n}" for n in reversed(range(7))]
    )
    with council.acting(ann):
        mine = operations.my_entries(database, PageRequest(first=5))
        assert mine.next is not None
        rest = operations.my_entries(database, PageRequest(first=5, after=UUID(mine.next)))
    assert [e.name for e in (*mine.items, *rest.items)] == [f"Garden {n}" for n in reversed(range(7))]
    assert rest.next is None


def test_a_cursor_of_the_other_order_is_refused(database: Database, council: Council) -> None:
    for name in ("Garden 1", "Garden 2"):
        add(database, council, name=name)
    with council.acting(uuid4()):
        newest = operations.search(database, SearchDirectory(first=1)).next
        best = operations.search(database, SearchDirectory("garden", first=1)).next
        for text, after in ((None, best), ("garden", newest), (None, "nonsense")):
            with refused(Invalid, "the search cannot go on from there", "after"):
                operations.search(database, SearchDirectory(text, after=after))


def test_a_few_entries_for_each_of_several_subjects(
    database: Database, council: Council, other: Council, provisioned: Any
) -> None:
    ann, today = uuid4(), now().date()
    add(database, council, name="Shed", tags=("tools", "garden"))
    add(database, council, name="Choir", tags=("singing",))
    add(database, council, name="Here", area="E05002169", tags=("garden",))
    add(database, council, name="There", area="E05002170", tags=("garden",))
    add(database, council, name="Dig", tags=("garden",))
    add(database, council, ann, kind="person", name="Ann", consent_to_list=True, tags=("singing",))
    add(database, council, publish=False, name="Draft", tags=("garden",))
    for name, day in (("Open", today), ("Past", today - timedelta(days=1))):
        add(database, council, name=name, kind="funding", funding=Funding(deadline=day), tags=("money",))
    add(database, other, name="Elsewhere", tags=("garden", "singing", "money"))

    def suggested(who: UUID | None, *subjects: tuple[str, ...], **more: Any) -> list[list[str]]:
        with council.acting(who, Role.RESIDENT if who else Role.ANONYMOUS):
            found = operations.suggest(database, SuggestEntries(subjects, **more)).items
        return [[entry.name for entry in entries] for entries in found]

    assert suggested(None, ("garden", "tools"), ("nothing",), ("singing", "money"), area="E05002169") == [
        ["Here", "Dig", "Shed"],
        [],
        ["Open", "Ann", "Choir"],
    ]
    assert suggested(None, ("garden",), ("garden",), each=1) == [["Dig"], ["Dig"]]
    assert suggested(ann, ("singing",)) == [["Choir"]]
    assert suggested(None) == []
    assert suggested(None, (), area="E05002170") == [[]]
    with pytest.raises(psycopg.Error, match=r"app\.tenant"):
        rows_without_council(provisioned.database_url("directory"), "tagged('[[]]', NULL, '2026-01-01', NULL, 3)")


@pytest.fixture
def crowded(council: Council, other: Council, provisioned: Any) -> Council:
    """20,000 published entries, half of them another council's; one in a hundred is about a garden."""
    with psycopg.connect(provisioned.admin_url) as connection:
        for tenant in (council.id, other.id):
            connection.execute(
                "INSERT INTO directory.entries (tenant_id, id, owner, kind, status, name, description, tags, contact,"
                " consent, created_at, updated_at)"
                " SELECT %s, gen_random_uuid(), gen_random_uuid(), 'organisation', 'published', 'Group ' || n,"
                " CASE WHEN n %% 100 = 0 THEN 'a garden' ELSE 'a club for ' || md5(n::text) END,"
                " CASE WHEN n %% 100 = 0 THEN '{garden}'::text[] ELSE '{club}' END, '{}', false,"
                " now(), now() FROM generate_series(1, 10000) n",
                (tenant,),
            )
    with psycopg.connect(provisioned.admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE directory.entries")
    return council


def plan_of(provisioned: Any, council: Council, query: str) -> str:
    """The plans that PostgreSQL ran for `query` as the service's role, those inside functions too."""
    plans: list[str] = []
    with psycopg.connect(provisioned.admin_url) as connection:
        connection.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
        connection.execute("LOAD 'auto_explain'")
        connection.execute("SET LOCAL auto_explain.log_min_duration = 0")
        connection.execute("SET LOCAL auto_explain.log_nested_statements = on")
        connection.execute("SET LOCAL auto_explain.log_level = 'notice'")
        connection.execute("SET LOCAL search_path = directory")
        connection.execute("SET LOCAL ROLE directory")
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(council.id),))
        connection.execute(query)
    return "\n".join(plans)


def test_search_uses_its_indexes(database: Database, crowded: Council, provisioned: Any) -> None:
    matching = plan_of(
        provisioned, crowded, "SELECT * FROM matching('garden', '{}', NULL, '{}', '2026-11-24', NULL, NULL, 21)"
    )
    assert "Bitmap Index Scan on entries_document" in matching
    assert "Seq Scan" not in matching
    tagged = plan_of(
        provisioned,
        crowded,
        """SELECT * FROM tagged('[["garden", "shed"], ["garden"]]', NULL, '2026-11-24', NULL, 3)""",
    )
    assert "Bitmap Index Scan on entries_tagged" in tagged
    assert "Seq Scan" not in tagged
    newest = plan_of(
        provisioned,
        crowded,
        "SELECT * FROM entries WHERE status = 'published' AND (deadline IS NULL OR deadline >= '2026-11-24')"
        f" AND id < '{new_id()}' ORDER BY id DESC LIMIT 21",
    )
    assert "Index Scan using entries_newest" in newest
    with crowded.acting(uuid4()):
        page = operations.search(database, SearchDirectory("garden", first=100))
    assert len(page.items) == 100
    assert page.next is None
