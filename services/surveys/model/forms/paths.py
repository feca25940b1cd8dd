"""Where words stand in a definition, as its translations name the places."""

from collections.abc import Iterable, Mapping
from typing import Any


def paths(definition: Mapping[str, Any]) -> Iterable[str]:
    """The path of everything in a definition that has words."""
    yield from ("title", "consent.text", *(("intro",) if definition.get("intro") else ()))
    yield from (f"consent.purposes.{code}" for code in definition["consent"]["purposes"])
    for attribute in definition.get("attributes", ()):
        yield f"attributes.{attribute['code']}.label"
        yield from (f"attributes.{attribute['code']}.categories.{c}" for c in attribute["categories"])
    for section in definition["sections"]:
        yield from (f"sections.{section['code']}.{field}" for field in ("title", "intro") if section.get(field))
        for item in section["items"]:
            begin = f"items.{item['code']}"
            yield from (f"{begin}.{field}" for field in ("text", "hint", "constraint_message") if item.get(field))
            yield from (f"{begin}.labels.{number}" for number in item.get("labels", {}))
            yield from (f"{begin}.choices.{choice['code']}" for choice in item.get("choices", ()))
            yield from (f"{begin}.rows.{row['code']}" for row in item.get("rows", ()))


def said_of(definition: Mapping[str, Any], translations: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The translations of what is in the definition."""
    there = set(paths(definition))
    kept = {tag: {path: text for path, text in said.items() if path in there} for tag, said in translations.items()}
    return {tag: said for tag, said in kept.items() if said}
