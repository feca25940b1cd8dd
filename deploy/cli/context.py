"""What every command needs: the console, the installation it works on, and errors said in one sentence."""

import os
from pathlib import Path
from typing import Any

import kombu.exceptions
import psycopg
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from deploy.errors import DeployError
from deploy.local.plan import Layout
from deploy.local.system import ROOT, System

console = Console()
errors = Console(stderr=True)


def layout() -> Layout:
    """The installation: `.local` beside the code, or the folder that CIVIC_HOME names."""
    return Layout(Path(os.environ.get("CIVIC_HOME", ROOT / ".local")))


def system() -> System:
    """The system that was brought up here. Raises DeployError when there is none."""
    return System.read(layout())


class Commands(TyperGroup):
    """Commands whose expected failures end in one clear sentence and exit code 1, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DeployError as error:
            problem, remedy = error.problem, error.remedy
        except psycopg.OperationalError:
            problem, remedy = "PostgreSQL does not answer.", "Start it with `make up`."
        except kombu.exceptions.OperationalError:
            problem, remedy = "RabbitMQ does not answer.", "Start it with `make up`."
        # as text, not markup: what it quotes may hold square brackets
        errors.print(Text.assemble((problem, "red"), f" {remedy}" if remedy else ""), soft_wrap=True)
        raise SystemExit(1)
