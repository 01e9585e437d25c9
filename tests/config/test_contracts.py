"""The command line's JSON is a contract: other programs rely on it. Keys may join, none may go."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from greenward.config import cli
from greenward.core.models import AuditEntry
from greenward.survey.models import Entry, Round
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND

DAY = make.TODAY.isoformat()
ROW = {
    "level", "code", "name", "participating", "meeting", "denominator", "target", "distance", "definition",
    "clause",
}  # fmt: skip


@pytest.fixture(autouse=True)
def held(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Round:
    settings.GREENWARD_TODAY = make.TODAY
    monkeypatch.setattr(cli, "opened_database", nullcontext)
    monkeypatch.setattr(cli, "check_up_to_date", lambda: None)
    made = make.survey_round()
    make.fill(made, COMMUNITY)
    return made


def told(*arguments: str, status: int = 0) -> Any:
    """Return what ``greenward … --json`` prints."""
    result = CliRunner().invoke(cli.gather(), [*arguments, "--json"])
    assert result.exit_code == status, result.stderr
    return json.loads(result.stdout)


def test_places_summary() -> None:
    assert told("places", "summary", "--as-of", DAY) == {
        "as_of": DAY,
        "reporting_districts": 2,
        "township_units": 3,
        "streets": 2,
        "urban_communities": 4,
        "by_district": [
            {"code": DISTRICT, "name": "甲区", "urban_communities": 3},
            {"code": OTHER_DISTRICT, "name": "乙区", "urban_communities": 1},
        ],
    }


def test_attainment_whose_city_is_the_sum_of_its_districts() -> None:
    answer = told("attainment", "--as-of", DAY)
    assert (set(answer), answer["as_of"]) == ({"as_of", "rows"}, DAY)
    assert [row["level"] for row in answer["rows"] if ROW - set(row)] == []
    (city,) = (row for row in answer["rows"] if row["level"] == "city")
    districts = [row for row in answer["rows"] if row["level"] == "district"]
    assert {row["level"] for row in answer["rows"]} == {"city", "district", "subdistrict"}
    for name in ("participating", "meeting", "denominator", "target", "distance"):
        assert city[name] == sum(row[name] for row in districts)
    assert city["denominator"] == 4


def test_assess_one_community() -> None:
    answer = told("assess", "--place", COMMUNITY, "--as-of", DAY)
    assert {"place", "as_of", "edition", "verdict", "items"} <= set(answer)
    assert (answer["place"], answer["as_of"], len(answer["items"])) == (COMMUNITY, DAY, 16)
    for item in answer["items"]:
        assert {"id", "status", "inputs", "clause", "missing"} <= set(item)
        assert item["status"] in {"met", "unmet", "unknown", "not_applicable"}
    inputs = [one for item in answer["items"] for one in item["inputs"]]
    assert inputs
    assert [set(one) for one in inputs] == [{"fact", "value", "source", "on"}] * len(inputs)


def test_assess_without_survey_knows_nothing_and_says_what_is_missing() -> None:
    answer = told("assess", "--place", SECOND, "--as-of", DAY)
    assert [item["status"] for item in answer["items"]] == ["unknown"] * 16
    assert [item["id"] for item in answer["items"] if not item["missing"]] == []
    assert answer["verdict"] == "unknown"


def test_survey_rounds() -> None:
    assert told("survey", "rounds") == [{"code": "r2022", "reference_on": "2022-05-31", "due": 4, "done": 1}]


def test_survey_template_comes_back_in(tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    assert told("survey", "template", "--form", "community", "--out", str(out))["file"] == str(out)
    before = Entry.objects.count()
    answer = told("survey", "import", str(out), "--round", "r2022")
    assert (answer["rejected"], answer["problems"], Entry.objects.count()) == (0, [], before)


def test_survey_import_dry_run_tells_its_problems_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(make.workbook([["社区代码", "常住户数"], [COMMUNITY, 5], [SECOND, "很多"]]))
    before = Entry.objects.count(), AuditEntry.objects.count()
    answer = told("survey", "import", str(file), "--round", "r2022", "--dry-run", status=1)
    assert {name: answer[name] for name in ("file", "round", "dry_run", "rows", "accepted", "rejected")} == {
        "file": "台账.xlsx", "round": "r2022", "dry_run": True, "rows": 2, "accepted": 1, "rejected": 1
    }  # fmt: skip
    (problem,) = answer["problems"]
    assert set(problem) == {"sheet", "row", "column", "value", "code", "message"}
    assert (problem["sheet"], problem["row"], problem["value"]) == ("社区", 3, "很多")
    assert (Entry.objects.count(), AuditEntry.objects.count()) == before


def test_pack_check(settings: Settings, tmp_path: Path) -> None:
    assert told("pack", "check", str(settings.PACKS / "beijing-2021")) == {"ok": True, "problems": []}
    (tmp_path / "pack.yaml").write_text("id: x\ntitel: y\n", encoding="utf-8")
    answer = told("pack", "check", str(tmp_path), status=1)
    assert answer["ok"] is False
    keys = {"file", "line", "column", "code", "message"}
    assert [problem for problem in answer["problems"] if keys - set(problem)] == []
    assert ("pack.yaml", 2) in {(problem["file"], problem["line"]) for problem in answer["problems"]}
