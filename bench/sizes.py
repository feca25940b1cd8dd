"""How much is measured: in full, or in the short form that a test runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts of one run."""

    rounds: int
    """Rounds of `ingest` and `query`, the references' and the product's by turns; the median counts."""
    singly: int
    """Responses a round where each is a message by itself."""
    in_batches: int
    """Responses a round where they go in batches."""
    fresh: int
    """Submissions whose way to the subscriber is timed."""
    query_seconds: float
    stored: tuple[int, ...]
    """Responses stored before the next one is timed."""
    councils: tuple[int, ...]
    growth_rounds: int
    growth_responses: int
    """Responses a round of `growth`."""
    framework_few: int
    framework_stored: int
    """Responses stored before a new framework version counts them."""


FULL = Sizes(
    rounds=3,
    singly=3_000,
    in_batches=12_000,
    fresh=300,
    query_seconds=4.0,
    stored=(1_000, 10_000, 100_000),
    councils=(1, 10, 100),
    growth_rounds=9,
    growth_responses=100,
    framework_few=1_000,
    framework_stored=1_000_000,
)
QUICK = Sizes(
    rounds=1,
    singly=150,
    in_batches=400,
    fresh=10,
    query_seconds=0.5,
    stored=(50, 100, 200),
    councils=(1, 2, 3),
    growth_rounds=2,
    growth_responses=10,
    framework_few=50,
    framework_stored=12_000,
)
