"""The picture of somebody's scores as a browser draws it, on the smallest telephone."""

from typing import Any

import pytest

from gateway.scoring.playback.picture import Around, Row, draw
from gateway.scoring.playback.wording import CATALOGUES
from tests.support.browser import browser

WIDTH = 320
NAMES = {
    "plain": "Chances to join in",
    "long": "How far you have a say in what is decided about the place where you live and the people in it",
    "capitals": "HAVING A SAY IN WHAT THE COUNCIL DECIDES",
    "one_word": "Gemeinschaftszugehörigkeitsempfindungsmöglichkeiten",
    "squares": "社区参与和对当地决策的影响力以及邻里之间的相互帮助",
    "urdu": "اپنے علاقے کے فیصلوں میں حصہ لینے کے مواقع",
}
BOXES = """() => [...document.querySelectorAll("text")].map((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return { said: text.textContent, left, right, top, bottom };
})"""


def _meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    apart = 1  # a pixel of letters' own space
    return bool(
        one["left"] + apart < other["right"]
        and other["left"] + apart < one["right"]
        and one["top"] + apart < other["bottom"]
        and other["top"] + apart < one["bottom"]
    )


@pytest.mark.parametrize("language", list(CATALOGUES))
async def test_nothing_runs_over_the_edge_or_into_something_else(language: str) -> None:
    rows = [Row(name, 100, Around(55, 40, 70), "") for name in NAMES.values()]
    drawn = draw(rows, CATALOGUES[language], "p")
    async with browser() as chromium:
        page = await chromium.new_page(viewport={"width": WIDTH, "height": 600})
        await page.set_content(f"<!doctype html><style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawn}")
        boxes = await page.evaluate(BOXES)
        width = await page.evaluate("() => document.documentElement.scrollWidth")
        named = await page.get_by_role("img", name=CATALOGUES[language].picture.title).count()
    assert (width, named) == (WIDTH, 1)
    assert [b["said"] for b in boxes if b["left"] < 0 or b["right"] > WIDTH] == []
    tall = {round(b["bottom"] - b["top"]) for b in boxes}
    assert min(tall) >= 14
    # lines of one name stand close; a line and a score must not
    scores = [b for b in boxes if b["said"] == "100"]
    assert len(scores) == len(rows) + 1
    assert [(s["top"], b["said"]) for s in scores for b in boxes if b is not s and _meet(s, b)] == []
