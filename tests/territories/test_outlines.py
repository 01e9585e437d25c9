"""District outlines are decoded from echarts' form, and their absence says what mends it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from greenward.core.errors import NotFoundError
from greenward.territories import outlines

# (119181, 40920)/1024, then differences +2, -2 and -1, +1, by the zigzag code: 4, 3 and 1, 2.
ENCODED = {
    "UTF8Encoding": True,
    "features": [
        {
            "id": "110101",
            "type": "Feature",
            "properties": {"name": "东城区"},
            "geometry": {"type": "Polygon", "coordinates": ["@@DCAB"], "encodeOffsets": [[119181, 40920]]},
        },
        {
            "id": "110105",
            "type": "Feature",
            "properties": {"name": "朝阳区"},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [["@@"], ["BB"]],
                "encodeOffsets": [[[1024, 2048]], [[1024, 2048]]],
            },
        },
    ],
}


@pytest.fixture
def vendor(tmp_path: Path, settings: Any) -> Path:
    settings.VENDOR = tmp_path
    return tmp_path


def test_rings_are_decoded() -> None:
    first, second = outlines.decode(ENCODED)["features"]
    assert first["properties"] == {"code": "110101000000", "name": "东城区"}
    assert first["geometry"] == {
        "type": "Polygon",
        "coordinates": [[[116.3877, 39.9609], [116.3896, 39.959], [116.3887, 39.96]]],
    }
    assert second["geometry"] == {
        "type": "MultiPolygon",
        "coordinates": [[[[1.0, 2.0]]], [[[1.001, 2.001]]]],
    }


def test_file_is_read_once_and_again_when_it_changes(vendor: Path) -> None:
    (vendor / "beijing.json").write_text(json.dumps(ENCODED))
    assert outlines.outlines() is outlines.outlines()
    assert outlines.with_outline() == {"110101000000", "110105000000"}


def test_missing_file_names_the_mending_line(vendor: Path) -> None:
    with pytest.raises(NotFoundError) as missing:
        outlines.outlines()
    assert "make setup" in str(missing.value.hint)
    assert outlines.with_outline() == frozenset()


@pytest.mark.django_db
def test_everybody_gets_the_outlines(vendor: Path, client: Client) -> None:
    assert client.get("/places/outlines.json").status_code == 404
    (vendor / "beijing.json").write_text(json.dumps(ENCODED))
    answer = client.get("/places/outlines.json")
    assert [f["properties"]["code"] for f in answer.json()["features"]] == ["110101000000", "110105000000"]
