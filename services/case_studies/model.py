"""The life of a story: draft → review → published, and withdrawn from any of them; who may see and move it."""

from typing import NamedTuple
from uuid import UUID

PUBLICATION = "publication"
"""The purpose without which nothing is published."""


class Viewer(NamedTuple):
    """Who looks: a person, or None for somebody who has not signed in; and whether they are an officer."""

    person: UUID | None
    officer: bool


def may_see(status: str, author: UUID, viewer: Viewer) -> bool:
    """An author sees all of their own, officers what is in review, everybody what is published."""
    return status == "published" or author == viewer.person or (viewer.officer and status == "review")


def may_withdraw(status: str, author: UUID, viewer: Viewer) -> bool:
    """The author may at any time, an officer what they can see."""
    return author == viewer.person or (viewer.officer and status in ("review", "published"))


def obstacle_to_editing(status: str) -> str | None:
    """Why an author cannot change their story, or None."""
    return {
        "review": "this story is in review; wait until it comes back, or withdraw it and write a new one",
        "published": "this story is published; withdraw it and write a new one to change it",
        "withdrawn": "this story is withdrawn; write a new one instead",
    }.get(status)


def obstacle_to_submitting(status: str) -> str | None:
    """Why a story cannot be handed in for review, or None."""
    return {
        "review": "this story is already in review; there is nothing left to do",
        "published": "this story is already published; there is nothing left to do",
        "withdrawn": "this story is withdrawn; write a new one instead",
    }.get(status)


def obstacle_to_reviewing(status: str) -> str | None:
    """Why a story cannot be published or sent back, or None."""
    return {
        "draft": "this story is a draft; its author must submit it first",
        "published": "this story is already published; withdraw it to take it down",
        "withdrawn": "this story is withdrawn; only its author can write a new one",
    }.get(status)


def obstacle_to_publishing(status: str, purposes: frozenset[str]) -> str | None:
    """Why a story cannot be published, or None."""
    if status == "review" and PUBLICATION not in purposes:
        return "this story is in review without consent to publication; send it back and ask its author to agree"
    return obstacle_to_reviewing(status)


def obstacle_to_withdrawing(status: str) -> str | None:
    """Why a story cannot be withdrawn, or None."""
    return "this story is already withdrawn; there is nothing left to do" if status == "withdrawn" else None


def was_heard_of(status: str) -> bool:
    """Whether others have been told of a story in this state, so that they must hear of its withdrawal."""
    return status in ("review", "published")
