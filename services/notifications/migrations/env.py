"""Alembic environment of the notifications schema."""

from services.chassis.migrate import run_env

run_env()
