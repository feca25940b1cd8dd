"""Fragments that unfold without end are refused before any rule walks them."""

import time

import pytest
from graphql import parse

from gateway.fragments import MAX_UNFOLDED, unfolds_too_far
from gateway.schema import schema


def doubling(levels: int) -> str:
    fragments = " ".join(f"fragment F{i} on Query{{...F{i + 1} ...F{i + 1}}}" for i in range(levels))
    return f"query{{...F0}} {fragments} fragment F{levels} on Query{{council{{slug}}}}"


def chain(length: int) -> str:
    fragments = " ".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(length))
    return f"query{{...F0}} {fragments} fragment F{length} on Query{{council{{slug}}}}"


@pytest.mark.parametrize("document", [doubling(25), doubling(60), chain(300), "query" + "{a" * 100 + "}" * 100])
def test_what_unfolds_too_far_is_refused_at_once(document: str) -> None:
    started = time.process_time()
    assert unfolds_too_far(parse(document))
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "document",
    [
        doubling(3),
        chain(20),
        "query{...A} fragment A on Query{...B} fragment B on Query{...A council{slug}}",
        "query{...Nothing}",
        "query{" + "...F " * (MAX_UNFOLDED - 1) + "} fragment F on Query{council{slug}}",
    ],
)
def test_what_people_write_is_not(document: str) -> None:
    assert not unfolds_too_far(parse(document))


async def test_the_schema_answers_with_the_reason_and_runs_nothing() -> None:
    result = await schema().execute(doubling(25))
    assert result.data is None
    assert [(e.message, (e.extensions or {}).get("code")) for e in result.errors or []] == [
        ("the fragments unfold too far; use fewer", "TOO_COSTLY")
    ]
