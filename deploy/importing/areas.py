"""Areas from a GeoJSON file: their codes, names and shapes. All of them, or none and what is wrong with which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from deploy.errors import DeployError
from deploy.operate.tenants import Area

DIGITS = 4
"""Of a degree: some ten metres, which no map of wards shows. Neighbours' corners are rounded alike: no gaps open."""
SHOWN = 20
CODES = re.compile(r"^([a-z]+\d{0,4}cd|(area_?)?code|gss_?code|id)$", re.IGNORECASE)
NAMES = re.compile(r"^([a-z]+\d{0,4}nm|(area_?)?name)$", re.IGNORECASE)
NOT_DEGREES = "its coordinates are no longitudes and latitudes; save the file as WGS 84 (EPSG:4326)"


class Columns(NamedTuple):
    """Which properties hold what; `parent` names a property, `inside` is one code for all."""

    code: str | None = None
    name: str | None = None
    parent: str | None = None
    inside: str | None = None


class _Wrong(ValueError):
    """What is wrong with one feature."""


def read_geojson(path: Path, level: str, columns: Columns) -> list[Area]:
    """The areas of a FeatureCollection. Raises DeployError with every feature that does not fit, and why."""
    features = _features(path)
    properties = [f.get("properties") or {} for f in features]
    code = columns.code or _guess(CODES, properties, path, "code")
    name = columns.name or _guess(NAMES, properties, path, "name")
    for wanted in (code, name, *filter(None, (columns.parent,))):
        if all(wanted not in p for p in properties):
            raise DeployError(f"{path}: no feature has a property '{wanted}'.", _there_are(properties))
    found: list[Area] = []
    wrong: list[str] = []
    first: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        given = properties[number - 1]
        try:
            area = Area(
                _once(_text(given, code), first),
                _text(given, name),
                level,
                _text(given, columns.parent) if columns.parent else columns.inside,
                _shape(feature.get("geometry")),
            )
        except _Wrong as error:
            said = given.get(code) or given.get(name)
            wrong.append(f"feature {number}{f' ({said})' if said else ''}: {error}")
        else:
            first[area.code] = number
            found.append(area)
    if wrong:
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        listed = "".join(f"\n- {line}" for line in (*wrong[:SHOWN], *more))
        raise DeployError(f"{path}: nothing was imported, because of{listed}", "\nMend the file and import it again.")
    return found


def _features(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        parsed = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeployError(f"{path} is no JSON: {error}.", "Save it as GeoJSON in UTF-8 and try again.") from None
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list) or parsed.get("type") != "FeatureCollection":
        raise DeployError(f"{path} is no GeoJSON FeatureCollection.", "Save it as GeoJSON and try again.")
    if not features:
        raise DeployError(f"{path} has no features.", "Export the areas again.")
    if not all(isinstance(f, dict) and isinstance(f.get("properties") or {}, dict) for f in features):
        raise DeployError(f"{path} has features that are no objects.", "Save it as GeoJSON and try again.")
    return features


def _guess(pattern: re.Pattern[str], properties: Iterable[Mapping[str, Any]], path: Path, what: str) -> str:
    fitting = sorted({key for p in properties for key in p if pattern.match(key)})
    if len(fitting) != 1:
        several = f"several properties could be the {what}" if fitting else f"no property looks like the {what}"
        raise DeployError(f"{path}: {several}.", f"Say which with --{what}-property. {_there_are(properties)}")
    return fitting[0]


def _there_are(properties: Iterable[Mapping[str, Any]]) -> str:
    return f"There are: {', '.join(sorted({key for p in properties for key in p})) or 'none'}."


def _text(given: Mapping[str, Any], column: str) -> str:
    value = given.get(column)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text:
        raise _Wrong(f"its property '{column}' is empty")
    return text


def _once(code: str, first: Mapping[str, int]) -> str:
    if code in first:
        raise _Wrong(f"its code {code} is that of feature {first[code]} as well")
    return code


def _shape(geometry: object) -> dict[str, Any]:
    """A Polygon or MultiPolygon with rounded corners that follow each other only once."""
    kind, coordinates = (
        (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    )
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise _Wrong("it has no Polygon or MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rounded = [rings for rings in (_polygon(polygon) for polygon in polygons) if rings]
    if not rounded:
        raise _Wrong("its shape has no size")
    return {"type": "MultiPolygon", "coordinates": rounded}


def _polygon(rings: object) -> list[list[list[float]]]:
    if not isinstance(rings, list):
        raise _Wrong("its shape is no list of rings")
    found = [_ring(ring) for ring in rings]
    # an outer ring too small to see takes its holes with it
    return [ring for ring in found if len(ring) >= 4] if found and len(found[0]) >= 4 else []


def _ring(ring: object) -> list[list[float]]:
    try:
        points = [(float(x), float(y)) for x, y, *_ in ring]  # type: ignore[attr-defined]  # checked by trying
    except (TypeError, ValueError):
        raise _Wrong("its shape has corners that are no pairs of numbers") from None
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise _Wrong(NOT_DEGREES)
    if len(points) < 4 or points[0] != points[-1]:
        raise _Wrong("its shape has a ring that is not closed")
    return [[x, y] for (x, y), _ in groupby((round(x, DIGITS), round(y, DIGITS)) for x, y in points)]
