"""Bringing every schema to its newest version, each as its owner."""

from collections.abc import Callable

from services.chassis.migrate import upgrade


def migrate(services: tuple[str, ...], owner_url: Callable[[str], str], echo: Callable[[str], None]) -> None:
    """Upgrade "platform" first, since the others may refer to it; safe to repeat."""
    for service in ("platform", *services):
        echo(f"Bringing the tables of {service} up to date")
        upgrade(service, owner_url(service))
