"""Alembic environment of the case_studies schema."""

from services.chassis.migrate import run_env

run_env()
