"""Live updates end with the token that they were asked for with."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, TypeVar

from gateway.auth import Unauthenticated

T = TypeVar("T")


async def until(updates: AsyncIterator[T], seconds: float) -> AsyncGenerator[T, None]:
    """`updates` for so many seconds; then Unauthenticated."""
    end = asyncio.get_running_loop().time() + seconds
    try:
        while True:
            async with asyncio.timeout_at(end):
                update = await anext(updates)
            yield update
    except StopAsyncIteration:
        return
    except TimeoutError:
        raise Unauthenticated("the token has expired; sign in again") from None
    finally:
        close: Any = getattr(updates, "aclose", None)
        if close is not None:
            await close()
