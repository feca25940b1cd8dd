"""What the notifications service does: one function a use case, each the owner of its transactions."""

from services.notifications.operations.emails import PostOffice, send_emails
from services.notifications.operations.facts import take_facts
from services.notifications.operations.people import (
    follow,
    following,
    inbox,
    mark_read,
    preferences,
    set_email,
    unfollow,
)

__all__ = [
    "PostOffice",
    "follow",
    "following",
    "inbox",
    "mark_read",
    "preferences",
    "send_emails",
    "set_email",
    "take_facts",
    "unfollow",
]
