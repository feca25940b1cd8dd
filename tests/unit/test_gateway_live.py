"""Live updates in the gateway: what a reader gets who is too slow for them."""

from uuid import UUID

from gateway.live import BUFFER, RESYNC, Subscription
from schemas.events.scoring import FiguresReleased


async def test_a_reader_that_is_too_slow_is_told_to_look_again() -> None:
    subscription: Subscription[FiguresReleased] = Subscription("figures")
    told = [FiguresReleased(UUID(int=1), 1, release, ("E05000001",)) for release in range(BUFFER + 3)]
    for event in told:
        subscription.put(event)
    subscription.close()
    assert [item async for item in subscription] == [RESYNC, *told[-2:]]
