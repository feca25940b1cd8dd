"""Alembic environment of the directory schema."""

from services.chassis.migrate import run_env

run_env()
