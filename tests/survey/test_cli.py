"""The command line: rounds, coverage, the template out and back in, as JSON that scripts rely on."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from greenward.core.errors import ConflictError
from greenward.survey.cli import commands
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.queries import form_of
from greenward.survey.workbooks.opening import FROM_COMMAND_LINE, open_workbook
from tests.factories import survey as make
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, STREET

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def run(*arguments: object, status: int = 0) -> Any:
    result = CliRunner().invoke(commands[0], [*map(str, arguments), "--json"], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def test_rounds_tell_due_and_done(held: Round) -> None:
    make.fill(held, COMMUNITY)
    assert run("rounds") == [{"code": "r2022", "reference_on": "2022-05-31", "due": 4, "done": 1}]


def test_coverage_goes_down(held: Round) -> None:
    rows = run("coverage", "--round", "r2022", "--place", DISTRICT)["rows"]
    assert [(row["code"], row["due"], row["done"]) for row in rows] == [
        (DISTRICT, 3, 0),
        (STREET, 2, 0),
        ("990101002000", 1, 0),
    ]
    assert run("coverage", "--round", "r2022")["rows"][0]["code"] == CITY


def test_a_dry_run_tells_and_writes_nothing(held: Round, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(make.workbook([["社区代码", "常住户数"], [COMMUNITY, 5], [SECOND, "x"]]))
    told = run("import", file, "--round", "r2022", "--dry-run", status=1)
    assert {key: told[key] for key in ("file", "round", "dry_run", "rows", "accepted", "rejected")} == {
        "file": "a.xlsx",
        "round": "r2022",
        "dry_run": True,
        "rows": 2,
        "accepted": 1,
        "rejected": 1,
    }
    assert [{**problem, "message": ""} for problem in told["problems"]] == [
        {"sheet": "社区", "row": 3, "column": "B", "value": "x", "code": "not_a_number", "message": ""}
    ]
    run("import", file, "--round", "r2022", status=1)
    assert (Entry.objects.count(), ImportFile.objects.count()) == (0, 0)
    run("import", file, "--round", "r2022", "--only-valid", status=1)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("form", ["community", "compound"])
def test_the_template_comes_back_unchanged(held: Round, tmp_path: Path, form: str) -> None:
    make.fill(held, COMMUNITY)
    out = tmp_path / "t.xlsx"
    run("template", "--round", "r2022", "--form", form, "--place", STREET, "--out", out)
    before = Entry.objects.count()
    told = run("import", out, "--round", "r2022", "--form", form)
    assert told["problems"] == []
    assert (told["rows"], Entry.objects.count()) == (1 if form == "compound" else 2, before)


def test_the_template_offers_choices_and_carries_its_key(held: Round, tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    run("template", "--round", "r2022", "--out", out)
    opened = open_workbook(out.name, out.read_bytes(), FROM_COMMAND_LINE)
    tables = [str(field.label) for field in form_of(held, "community").fields if field.type == "table"]
    assert [sheet.name for sheet in opened.sheets] == ["填写说明", "社区摸底表", *tables]
    assert opened.key["form"] == "community"
    assert opened.key["pack"] == held.programme.pack.digest
    assert opened.sheets[1].cells.height == 5


def test_a_template_of_the_other_form_is_refused(held: Round, tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    run("template", "--round", "r2022", "--form", "compound", "--out", out)
    from greenward.survey.workbooks.opening import WorkbookError

    with pytest.raises(WorkbookError, match="compound"):
        run("import", out, "--round", "r2022")


def test_a_round_is_closed_once(held: Round) -> None:
    assert run("close-round", "r2022")["code"] == "r2022"
    held.refresh_from_db()
    assert held.closed_at is not None
    with pytest.raises(ConflictError):
        run("close-round", "r2022")


def test_a_dry_run_tells_contradictions_and_doubts(held: Round, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    head = ["社区代码", "常住户数", "常住人口", "60岁及以上人口"]
    file.write_bytes(make.workbook([head, [COMMUNITY, 9, 5, 6]]))
    told = run("import", file, "--round", "r2022", "--dry-run", status=1)
    assert [problem["code"] for problem in told["problems"]] == ["older-residents"]
    assert [warning["code"] for warning in told["warnings"]] == ["people-and-households"]
    text = CliRunner().invoke(commands[0], ["import", str(file), "--round", "r2022", "--dry-run"]).stdout
    assert "社区 B2  9  常住人口少于常住户数（常住户数 9户、常住人口 5人）" in text
