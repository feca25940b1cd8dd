"""Writes the schema's SDL to schemas/graphql/schema.graphql, or says whether it still stands there: ``--check``."""

import sys
from pathlib import Path

from gateway.schema import schema

SDL = Path(__file__).parents[1] / "schemas" / "graphql" / "schema.graphql"
HEAD = "# The GraphQL schema of Civic Health, exported from the gateway by `make schemas`. Do not edit.\n\n"


def text() -> str:
    """The SDL as it is to be committed."""
    return HEAD + schema().as_str() + "\n"


def main(arguments: list[str]) -> int:
    """Write, or compare; 1 where the committed text is another."""
    if "--check" in arguments:
        same = SDL.exists() and SDL.read_text() == text()
        sys.stdout.write("" if same else f"{SDL.name} is not what the code exports; run `make schemas`\n")
        return 0 if same else 1
    SDL.parent.mkdir(parents=True, exist_ok=True)
    SDL.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
