"""Figures by area, asked for by GraphQL, against a hand-written endpoint that runs the same SQL."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from statistics import median

import httpx
import msgspec
from strawberry.relay import to_base64

from bench import load, survey
from bench.house import House
from bench.results import Row, against, alone
from bench.sizes import Sizes
from bench.submitting import import_requests, send_import
from deploy.local.ports import free_port
from deploy.local.process import Program, Running, wait_until
from tests.support.running import ROOT

UNIT = "requests/s"
RESPONSES = 600
"""Enough for every area to be shown."""
QUERY = (
    "query Figures($id: ID!) { figures(frameworkId: $id, first: 100) "
    "{ edges { node { area measure suppressed n score } } } }"
)
SHOWN = (len(survey.AREAS) + 1) * 2
"""The areas and the whole council, by two measures."""


def measure(house: House, sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """The endpoint and the product by turns; the median of the rounds counts."""
    asking = survey.opened(house.system, house.calls)
    for request in import_requests(asking, survey.made_up(RESPONSES)):
        send_import(house.calls, asking, request)
    house.wait_until_scored(RESPONSES, asking.council.id)
    body = msgspec.json.encode({"query": QUERY, "variables": {"id": to_base64("Framework", asking.framework)}})
    asked = load.request(house.system.url, body, house.system.headers(asking.council))
    if not wait_until(lambda: _shown(house, asking, body) == SHOWN, 30):
        raise TimeoutError(f"{_shown(house, asking, body)} of {SHOWN} figures came out")
    bare: list[float] = []
    product: list[float] = []
    with _endpoint(house) as url:
        target = f"{url}/figures?tenant={asking.council.id}&framework={asking.framework}"
        for number in range(sizes.rounds):
            say(f"query, round {number + 1} of {sizes.rounds}")
            bare.append(_rate(url, load.get(target), sizes.query_seconds))
            product.append(_rate(house.system.url, asked, sizes.query_seconds))
    yield alone("query", "bare: figures by area, hand-written", median(bare), UNIT)
    yield against("query", "figures by area, by GraphQL", median(product), UNIT, median(bare))


def _rate(url: str, request: bytes, seconds: float) -> float:
    load.drive(url, repeat(request, 50), b'"score":')  # warm
    return load.drive(url, repeat(request), b'"score":', seconds=seconds).per_second


def _shown(house: House, asking: survey.Survey, body: bytes) -> int:
    headers = {**house.system.headers(asking.council), "Content-Type": "application/json"}
    answer = httpx.post(house.system.url, content=body, headers=headers, timeout=10)
    edges = answer.json()["data"]["figures"]["edges"]
    return sum(1 for edge in edges if not edge["node"]["suppressed"])


@contextmanager
def _endpoint(house: House) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {"PATH": os.environ["PATH"], "BARE_DATABASE_URL": house.system.provisioned.database_url("scoring")}
    program = Program("endpoint", (sys.executable, "-m", "bench.bare.endpoint", str(port)), env, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        running = Running(program, Path(folder) / "endpoint.log", die_with_parent=True)
        running.start()
        try:
            if not wait_until(lambda: _answers(f"{url}/health"), 30):
                raise TimeoutError(running.log.read_text()[-2_000:])
            yield url
        finally:
            running.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.TransportError:
        return False
