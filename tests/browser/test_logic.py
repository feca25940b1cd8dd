"""The browser's half of the expression language comes to the same answers as the server's, in Node and in Chromium."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.async_api import Page, Route

from gateway import app, page
from gateway.config import Settings
from services.surveys.model.logic import FUNCTIONS, Scope, Tree, parse
from services.surveys.model.logic.evaluating import work_out
from services.surveys.model.logic.patterns import Fuel, matches
from services.surveys.model.logic.scope import Run
from tests.support.browser import browser, node
from tests.support.logic import TREES, cases, kinded, plain, scopes

CASES = cases()
IN_NODE = """
import { readFileSync } from "node:fs";
import { evaluate, FUNCTIONS } from "./logic.js";
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
};
const asked = JSON.parse(readFileSync(0, "utf8"));
const values = asked.map(([tree, scope]) => plain(evaluate(tree, scope)));
process.stdout.write(JSON.stringify({ values, functions: Object.keys(FUNCTIONS) }));
"""
IN_PAGE = """
async (asked) => {
  const { evaluate } = await import("/graphql/logic.js");
  const plain = (value) => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
  };
  return asked.map(([tree, scope]) => plain(evaluate(tree, scope)));
}
"""


def asked() -> list[Any]:
    return [[parse(case.text).tree, case.scope] for case in CASES]


def differing(values: list[Any]) -> list[tuple[str, Any, Any]]:
    """What came out otherwise than it must."""
    assert len(values) == len(CASES)
    pairs = zip(CASES, values, strict=True)
    return [(c.text, c.value, found) for c, found in pairs if kinded(plain(found)) != kinded(c.value)]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the browser's half for Node, which takes a file for a module only where a package says so."""
    folder = tmp_path_factory.mktemp("module")
    shutil.copytree(page.FOLDER, folder, dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.mjs").write_text(IN_NODE)
    return folder


def in_node(module: Path, trees: list[Any]) -> Any:
    """What Node makes of trees, each with its scope."""
    done = subprocess.run(
        [node(), "run.mjs"],
        cwd=module,
        input=json.dumps(trees),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_node_comes_to_the_same(module: Path) -> None:
    assert differing(in_node(module, asked())["values"]) == []


def test_both_halves_know_the_same_functions(module: Path) -> None:
    assert set(in_node(module, [])["functions"]) == set(FUNCTIONS)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(TREES, scopes(st.floats(allow_nan=False, allow_infinity=False))), min_size=20, max_size=100))
def test_whatever_the_tree_both_come_to_the_same(module: Path, pairs: list[tuple[Tree, dict[str, Any]]]) -> None:
    here = [kinded(plain(work_out(tree, Run(Scope(**scope))))) for tree, scope in pairs]
    there = [kinded(plain(value)) for value in in_node(module, [list(pair) for pair in pairs])["values"]]
    assert [(*pair, a, b) for pair, a, b in zip(pairs, here, there, strict=True) if a != b] == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.text("ab|()*+?{}1,2[]^-\\dwB$.é👋", max_size=10), st.text("ab1-é👋", max_size=6)), min_size=50
    )
)
def test_whatever_the_pattern_both_match_the_same(module: Path, pairs: list[tuple[str, str]]) -> None:
    here = [matches(pattern, text, Fuel()) for pattern, text in pairs]
    trees = [[["call", "regex", ["text", text], ["text", pattern]], {}] for pattern, text in pairs]
    there = in_node(module, trees)["values"]
    assert [(*pair, a, b) for pair, a, b in zip(pairs, here, there, strict=True) if a != b] == []


async def opened(window: Page, tmp_path: Path) -> None:
    """The page that the gateway shows, with the headers that it sends; no server, database or broker is asked."""
    given_settings = Settings(database_url="postgresql://", amqp_url="amqp://", jwks_file=tmp_path / "jwks.json")
    gateway, _ = app.create(given_settings)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://logic.test")

    async def answer(route: Route) -> None:
        found = await client.get(route.request.url, headers={"accept": "text/html"})
        await route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    await window.route("**/*", answer)
    await window.goto("http://logic.test/graphql")


async def test_chromium_comes_to_the_same(tmp_path: Path) -> None:
    async with browser() as chromium:
        window = await chromium.new_page()
        await opened(window, tmp_path)
        assert differing(await window.evaluate(IN_PAGE, asked())) == []
