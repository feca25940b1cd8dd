"""`civic import areas`: codes, names and shapes of a GeoJSON file; all of it, or nothing and every reason."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from deploy.cli.main import app
from deploy.importing.areas import Columns, read_geojson
from deploy.local.plan import Layout
from deploy.local.secrets import ensure_issuer
from deploy.local.system import System
from deploy.operate.tenants import Tenants
from deploy.provision.run import Provisioned
from tests.support import running

pytestmark = pytest.mark.integration
SQUARE = [[[0.0, 51.0], [0.1, 51.0], [0.10000001, 51.00000001], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]]
REAL = Path(os.environ.get("CIVIC_TEST_GEO", running.ROOT.parent / "shared" / "data" / "geo"))
"""A folder of boundary files to try, such as those of the Office for National Statistics."""


def feature(code: object = "E05000001", name: object = "North", shape: Any = None, **more: object) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": SQUARE} if shape is None else shape
    return {"type": "Feature", "properties": {"WD13CD": code, "WD13NM": name, **more}, "geometry": geometry}


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*features: object, raw: str | None = None) -> Path:
        path = tmp_path / "areas.geojson"
        path.write_text(raw or json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return written


@pytest.fixture
def slug(provisioned: Provisioned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    layout = Layout(tmp_path / "home")
    layout.make()
    ensure_issuer(layout.issuer)
    System(provisioned, {"gateway": 1}, {"postgres": "given", "rabbitmq": "given"}).write(layout)
    monkeypatch.setenv("CIVIC_HOME", str(layout.folder))
    slug = f"place-{uuid7().hex[-8:]}"
    Tenants(provisioned.owner_url("platform")).create(slug, "A Place", "E06000031")
    return slug


def civic(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, " ".join(result.output.split())


def stored(provisioned: Provisioned, slug: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(provisioned.owner_url("platform"), options="-c search_path=platform") as connection:
        return connection.execute(
            "SELECT code, a.name, level, parent, geometry FROM areas a JOIN tenants t ON t.id = tenant_id "
            "WHERE slug = %s ORDER BY code",
            (slug,),
        ).fetchall()


def test_codes_names_parents_and_rounded_shapes(slug: str, write: Write, provisioned: Provisioned) -> None:
    file = write(feature(), feature("E05000002", " South ", {"type": "MultiPolygon", "coordinates": [SQUARE, SQUARE]}))
    done = civic("import", "areas", file, "--tenant", slug, "--level", "ward", "--parent", "E06000031")
    assert done == (0, f"{slug}: 2 areas of the level ward added or brought up to date.")
    square = [[[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]]
    north = ("E05000001", "North", "ward", "E06000031", {"type": "MultiPolygon", "coordinates": [square]})
    assert stored(provisioned, slug) == [
        north,
        ("E05000002", "South", "ward", "E06000031", {"type": "MultiPolygon", "coordinates": [square, square]}),
    ]
    # again, renamed and without a parent: what is not given stays
    assert civic("import", "areas", write(feature(name="Far North")), "--tenant", slug, "--level", "ward")[0] == 0
    assert stored(provisioned, slug)[0] == ("E05000001", "Far North", *north[2:])


def test_a_parent_by_property_must_be_known(slug: str, write: Write, provisioned: Provisioned) -> None:
    file = write(feature(LAD="E06000031"), feature("E05000002", "South", LAD="E06000099"))
    code, said = civic("import", "areas", file, "--tenant", slug, "--level", "ward", "--parent-property", "LAD")
    assert code == 1
    assert "E05000002 (South) lies in E06000099" in said
    assert stored(provisioned, slug) == []


def test_every_feature_that_does_not_fit_is_named_and_nothing_is_written(
    slug: str, write: Write, provisioned: Provisioned
) -> None:
    metres = [[[520000, 170000], [520100, 170000], [520100, 170100], [520000, 170000]]]
    file = write(
        feature(),
        feature("E05000001", "Twin"),
        feature("", "Nameless"),
        feature("E05000004", None),
        feature("E05000005", "Point", {"type": "Point", "coordinates": [0, 51]}),
        feature("E05000006", "Metres", {"type": "Polygon", "coordinates": metres}),
        feature("E05000007", "Open", {"type": "Polygon", "coordinates": [SQUARE[0][:-1]]}),
        feature("E05000008", "Words", {"type": "Polygon", "coordinates": [["a", "b"]]}),
        feature("E05000009", "Dot", {"type": "Polygon", "coordinates": [[[0, 51]] * 4]}),
    )
    code, said = civic("import", "areas", file, "--tenant", slug, "--level", "ward")
    assert code == 1
    for sentence in (
        "feature 2 (E05000001): its code E05000001 is that of feature 1 as well",
        "feature 3 (Nameless): its property 'WD13CD' is empty",
        "feature 4 (E05000004): its property 'WD13NM' is empty",
        "feature 5 (E05000005): it has no Polygon or MultiPolygon",
        "feature 6 (E05000006): its coordinates are no longitudes and latitudes; save the file as WGS 84",
        "feature 7 (E05000007): its shape has a ring that is not closed",
        "feature 8 (E05000008): its shape has corners that are no pairs of numbers",
        "feature 9 (E05000009): its shape has no size",
    ):
        assert sentence in said
    assert "Traceback" not in said
    assert stored(provisioned, slug) == []


def test_files_that_are_no_areas_say_what_to_do(slug: str, write: Write, provisioned: Provisioned) -> None:
    several = feature(LAD13CD="E06000031")
    for raw, sentence in (("{", "is no JSON"), ('{"type": "Topology"}', "no GeoJSON FeatureCollection")):
        code, said = civic("import", "areas", write(raw=raw), "--tenant", slug, "--level", "ward")
        assert code == 1
        assert sentence in said
    mistakes: tuple[tuple[tuple[object, ...], tuple[str, ...], str], ...] = (
        ((), (), "has no features"),
        ((several,), (), "several properties could be the code. Say which with --code-property"),
        ((feature(),), ("--code-property", "LSOA"), "no feature has a property 'LSOA'. There are: WD13CD, WD13NM."),
        ((feature(),), ("--parent", "a", "--parent-property", "b"), "do not go together"),
        ((7,), (), "features that are no objects"),
    )
    for given, options, sentence in mistakes:
        code, said = civic("import", "areas", write(*given), "--tenant", slug, "--level", "ward", *options)
        assert code == 1
        assert sentence in said
    assert stored(provisioned, slug) == []
    assert (
        civic("import", "areas", write(several), "--tenant", slug, "--level", "w", "--code-property", "WD13CD")[0] == 0
    )


@pytest.mark.skipif(not REAL.is_dir(), reason="CIVIC_TEST_GEO names no folder of GeoJSON files")
def test_real_boundaries(slug: str, provisioned: Provisioned) -> None:
    files = sorted(REAL.glob("*.geojson"))
    assert files
    for file in files:
        level = file.name.partition("_")[0]
        codes = [area.code for area in read_geojson(file, level, Columns())]
        assert len(set(codes)) == len(json.loads(file.read_text())["features"])
        assert civic("import", "areas", file, "--tenant", slug, "--level", level)[0] == 0
        held = {row[0]: row for row in stored(provisioned, slug)}
        assert all(held[code][4]["coordinates"] for code in codes)
