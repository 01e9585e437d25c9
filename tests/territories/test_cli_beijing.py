"""``greenward places`` on the real list: the contract's shape and figures."""

import json

import pytest
from click.testing import CliRunner

from greenward.territories.cli import places


def run(*arguments: str) -> str:
    return CliRunner().invoke(places, arguments, catch_exceptions=False).stdout


@pytest.mark.usefixtures("beijing", "db")
def test_summary_is_the_contract() -> None:
    found = json.loads(run("summary", "--as-of", "2022-09-15", "--json"))
    districts = found.pop("by_district")
    assert found == {
        "as_of": "2022-09-15",
        "reporting_districts": 17,
        "township_units": 348,
        "streets": 165,
        "urban_communities": 3730,
    }
    assert districts[0] == {"code": "110101000000", "name": "东城区", "urban_communities": 169}
    assert {"code": "110115403000", "name": "北京经济技术开发区", "urban_communities": 16} in districts


@pytest.mark.usefixtures("beijing", "db")
def test_import_again_says_that_nothing_changed() -> None:
    assert run("import") == "0 made, 7896 there already, 5 placeholders left out\n"
