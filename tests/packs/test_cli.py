import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from greenward.packs.cli import commands
from tests.factories.packs import BEIJING, copy_of_beijing, install_beijing, spoil


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands[0], [str(argument) for argument in arguments])


def test_check_says_where_and_what(tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    line = spoil(copy, "departments.yaml", "lead: true}", "led: true}")
    result = run("check", copy)
    assert result.exit_code == 1
    assert result.output.startswith(f"departments.yaml:{line}:")


def test_diff_lists_the_changes(tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "parameters.yaml", "value: 90", "value: 60")
    result = run("diff", BEIJING, copy, "--json")
    assert json.loads(result.output) == {
        "changes": [
            {"path": "parameters/post_interval_days/value", "kind": "changed", "old": "90", "new": "60"}
        ]
    }


@pytest.mark.django_db
def test_install_then_show() -> None:
    installed = json.loads(run("install", BEIJING, "--json").output)
    listed = json.loads(run("show", "--json").output)
    assert listed == {"packs": [installed]}
    assert (installed["id"], installed["edition"]) == ("beijing-2021", "2021.3")


@pytest.mark.django_db
def test_show_marks_what_is_not_verified() -> None:
    install_beijing()
    lines = run("show", "beijing-2021").output.splitlines()
    assert sum("（文本待核）" in line for line in lines) == 18


def test_the_committed_schemas_for_editors_are_current(tmp_path: Path) -> None:
    assert run("schema", "--out", tmp_path).exit_code == 0
    committed = settings.ROOT / "docs" / "reference" / "pack"
    fresh = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert fresh == {path.name: path.read_text(encoding="utf-8") for path in committed.iterdir()}


def test_every_file_of_the_pack_names_its_schema() -> None:
    named = {}
    for path in BEIJING.rglob("*.yaml"):
        mark, _space, schema = path.read_text(encoding="utf-8").partition("\n")[0].partition("$schema=")
        assert mark == "# yaml-language-server: "
        named[path] = (path.parent / schema).resolve().is_file()
    assert set(named.values()) == {True}
