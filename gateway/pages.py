"""Pages that continue after the last thing seen (keyset), in the shape of Relay connections."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from schemas.errors import Invalid, Problem

T = TypeVar("T")
LARGEST = 100
First = Annotated[int, strawberry.argument(description=f"How many, from 1 to {LARGEST}.")]
After = Annotated[str | None, strawberry.argument(description="The cursor of the last thing already seen.")]


@strawberry.type(description="Where a page stands among all of them.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    end_cursor: str | None = strawberry.field(description="Give this as `after` to get what follows.")


@strawberry.type(description="One thing on a page.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The thing itself.")
    cursor: str | None = strawberry.field(
        description="Its place: give it as `after` to continue behind it. Null where only a page can be continued."
    )


@strawberry.type(description="A page of things.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The things on this page.")
    page_info: PageInfo = strawberry.field(description="Whether and how to go on.")


def cursor_of(place: object) -> str:
    """A place as an opaque cursor."""
    return base64.urlsafe_b64encode(f"c1:{place}".encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> str | None:
    """The place that a cursor stands for. Raises Invalid."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith("c1:"):
        raise Invalid("this is no cursor of ours", [Problem(("after",), "give a cursor from an earlier page")])
    return text.removeprefix("c1:")


def id_place(cursor: str | None) -> UUID | None:
    """The id that a cursor stands for. Raises Invalid."""
    place = place_of(cursor)
    try:
        return UUID(place) if place is not None else None
    except ValueError:
        raise Invalid("this is no cursor of ours", [Problem(("after",), "give a cursor of the same list")]) from None


def size(first: int, largest: int = LARGEST) -> int:
    """`first`, if it is a page size. Raises Invalid."""
    if not 1 <= first <= largest:
        raise Invalid("the page size is out of range", [Problem(("first",), f"give a number from 1 to {largest}")])
    return first


Item = TypeVar("Item")


def page(
    items: Iterable[Item], of: Callable[[Item], T], place: Callable[[Item], object], *, more: bool
) -> Connection[T]:
    """A page whose things can each be continued behind."""
    edges: list[Edge[T]] = [Edge(node=of(item), cursor=cursor_of(place(item))) for item in items]
    return Connection(
        edges=edges, page_info=PageInfo(has_next_page=more, end_cursor=edges[-1].cursor if edges else None)
    )


def uuid_of(given: GlobalID, kind: str, *path: str) -> UUID:
    """The id behind a global id, which must be of `kind`. Raises Invalid."""
    try:
        if given.type_name == kind:
            return UUID(given.node_id)
    except ValueError:
        pass
    raise Invalid("this id is of another kind", [Problem(path or ("id",), f"give the id of a {kind}")])


def global_id(kind: str, id_: UUID) -> GlobalID:
    """The id of a thing that cannot be fetched by `node`, but that mutations take."""
    return GlobalID(type_name=kind, node_id=str(id_))


def continued(items: Iterable[Item], of: Callable[[Item], T], following: str | None) -> Connection[T]:
    """A page of a service that says only where its last thing stands: the page goes on behind that one."""
    nodes = [of(item) for item in items]
    end = cursor_of(following) if following is not None else None
    # only the last has a place of its own; to go on behind another would skip or repeat what ranks with it
    edges: list[Edge[T]] = [Edge(node=node, cursor=None) for node in nodes]
    if edges:
        edges[-1].cursor = end
    return Connection(edges=edges, page_info=PageInfo(has_next_page=end is not None, end_cursor=end))
