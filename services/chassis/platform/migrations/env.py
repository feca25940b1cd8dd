"""Alembic environment of the platform schema."""

from services.chassis.migrate import run_env

run_env()
