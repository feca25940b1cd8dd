"""Counts of people that stand alone, as anybody may see them."""

COUNTED_IN = 5


def published_count(count: int, minimum: int) -> int | None:
    """Rounded down to fives, and nothing below the minimum, nought included.

    A round number moves only when the last of five has come, and does not say who of them came when. Nought is as
    telling as one: both are None.
    """
    return count - count % COUNTED_IN if count >= minimum else None
