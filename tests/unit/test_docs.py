"""The guides keep up with the code: links lead somewhere, commands and settings that they name are there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from graphql import parse, validate

from deploy.cli.main import app
from gateway.config import Settings as GatewaySettings
from gateway.schema import schema
from gateway.scoring.playback.wording import LEVELS, said_in
from schemas.instruments.library import LIBRARY
from schemas.rpc.surveys import ItemKind
from services.chassis.config import Settings as ServiceSettings

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PLAYBACK = ROOT / "docs" / "playback.md"
GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(path for path in ROOT.glob("docs/adr/*.md") if path.name != "README.md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))


def code(guide: Path) -> str:
    return "\n".join(CODE.findall(guide.read_text()))


def anchors(guide: Path) -> set[str]:
    """The headings' names, as they stand in links."""
    prose = re.sub(r"```.*?```", "", guide.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Every command that `--help` shows, in full."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        elif not command.hidden:
            yield before + name


CIVIC = set(commands(typer.main.get_command(app)))


@each_guide
def test_links_lead_somewhere(guide: Path) -> None:
    for target in LINK.findall(guide.read_text()):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        aim = (guide.parent / path).resolve() if path else guide
        assert aim.exists(), target
        if anchor:
            assert anchor in anchors(aim), target


def test_every_kind_of_question_is_described() -> None:
    described = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/questionnaires.md").read_text(), re.MULTILINE)
    kinds = get_args(ItemKind)
    assert tuple(described[: len(kinds)]) == kinds


@each_guide
def test_queries_that_are_shown_can_be_asked(guide: Path) -> None:
    for query in re.findall(r"```graphql\n(.*?)```", guide.read_text(), re.DOTALL):
        assert validate(schema()._schema, parse(query)) == []


def test_what_people_are_told_is_in_the_guide_word_for_word() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|(?: (\d+) \| ([^|]+) \|)? ([^|]+) \|$", PLAYBACK.read_text(), re.MULTILINE)
    english = said_in("en")
    levels = [(code.upper(), f"{low:g}", english.bands[code].label, english.bands[code].words) for code, low in LEVELS]
    changes = [(code.upper(), "", "", words) for code, words in english.changes.items()]
    assert rows == [*levels, *changes]


def test_the_tags_of_the_librarys_domains_are_in_the_guide() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| `([a-z_]+)` \| (.+) \|$", PLAYBACK.read_text(), re.MULTILINE)
    assert [(code, domain, tuple(re.findall(r"`([a-z-]+)`", tags))) for code, domain, tags in rows] == [
        (instrument.code, domain.code, domain.tags)
        for instrument in LIBRARY.values()
        for domain in instrument.domains
        if domain.tags
    ]


@each_guide
def test_commands_that_are_named_are_there(guide: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code(guide))) - targets == set()
    words = {part for command in CIVIC for part in [command.split()[0]]}
    # `civic tenant` alone names the group
    for first, rest in re.findall(r"(?<![\w-])civic ([a-z]+)((?: [a-z]+)*)", code(guide)):
        assert first in words, f"civic {first}"
        beginnings = [f"{first}{rest}".startswith(c) for c in CIVIC]
        assert any(beginnings) or not rest, f"civic {first}{rest}"


def test_the_readme_names_every_command() -> None:
    text = code(README)
    assert {c for c in CIVIC if f"civic {c}" not in text} == set()
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [t for t in targets if f"`make {t}`" not in text] == []


@pytest.mark.parametrize("settings", [ServiceSettings, GatewaySettings], ids=["services", "gateway"])
def test_every_setting_is_explained(settings: type[ServiceSettings] | type[GatewaySettings]) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert [f for f in settings.model_fields if f"| `CIVIC_{f.upper()}` |" not in text] == []


def test_settings_that_are_explained_are_there() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    known = {f"CIVIC_{f.upper()}" for s in (ServiceSettings, GatewaySettings) for f in s.model_fields}
    assert set(re.findall(r"\| `(CIVIC_\w+)` \|", text)) == known


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = (ROOT / "docs" / "adr" / "README.md").read_text()
    assert [p.name for p in DECISIONS if f"({p.name})" not in listed] == []
    assert [p.name for p in DECISIONS if not p.read_text().startswith(f"# {int(p.name[:4])}. ")] == []
