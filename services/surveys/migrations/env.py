"""Alembic environment of the surveys schema."""

from services.chassis.migrate import run_env

run_env()
