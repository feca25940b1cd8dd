"""Alembic environment of the scoring schema."""

from services.chassis.migrate import run_env

run_env()
