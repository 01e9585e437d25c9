"""The command gathers every module's part, opens the database for it, and tells refusals."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from greenward.config import api, cli
from greenward.core import console
from greenward.core.errors import ConflictError

OPENED: list[str] = []


@click.group()
def things() -> None:
    """Speak of things."""


@things.command("list")
@console.json_option
def list_things(*, as_json: bool) -> None:
    """List things."""
    console.answer(["绿社"], as_json=as_json, text="绿社")


@things.command("check")
@console.no_database
def check_things() -> None:
    """Check without a database."""
    click.echo("checked")


@things.command("move")
@console.json_option
def move_things(*, as_json: bool) -> None:
    """Refuse."""
    raise ConflictError("已经移走。", hint="先搬回来。", place=110101001001)


@pytest.fixture(autouse=True)
def counted_openings(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened() -> Iterator[None]:
        OPENED.append("opened")
        yield

    OPENED.clear()
    monkeypatch.setattr(cli, "opened_database", opened)
    monkeypatch.setattr(cli, "check_up_to_date", lambda: OPENED.append("checked"))


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.attended(things), arguments)
    return result.exit_code, result.stdout, result.stderr


def test_command_finds_the_database_open_and_up_to_date() -> None:
    assert call("list", "--json") == (0, '[\n  "绿社"\n]\n', "")
    assert OPENED == ["opened", "checked"]


def test_command_marked_so_opens_no_database() -> None:
    assert call("check") == (0, "checked\n", "")
    assert OPENED == []


def test_help_and_wrong_usage_open_no_database() -> None:
    assert call("list", "--help")[0] == 0
    assert call("list", "--wrong")[0] == 2
    assert OPENED == []


def test_refusal_is_told_on_stderr() -> None:
    assert call("move") == (2, "", "状态冲突：已经移走。\n先搬回来。\n")


def test_refusal_is_told_to_machines_as_json() -> None:
    status, out, err = call("move", "--json")
    assert (status, out) == (2, "")
    assert json.loads(err) == {
        "code": "conflict",
        "title": "状态冲突",
        "detail": "已经移走。",
        "hint": "先搬回来。",
        "data": {"place": "110101001001"},
    }


def test_the_modules_own_commands_stay_as_they_are() -> None:
    before = list_things.callback
    cli.attended(things)
    assert things.commands["list"] is list_things
    assert list_things.callback is before


def test_every_module_that_has_commands_is_gathered() -> None:
    whole = cli.gather()
    found = set(whole.commands)
    assert found >= {"demo", "manage", "pack", "places"}
    source = Path(cli.__file__).parents[1]
    sources = {path.parent.name for path in [*source.glob("*/cli.py"), *source.glob("*/cli")]}
    assert sources - {"config"} == {name for name in cli.MODULES if not name.startswith("config.")}


def test_every_module_that_answers_programs_is_gathered() -> None:
    source = Path(cli.__file__).parents[1]
    assert {path.parents[1].name for path in source.glob("*/api/views.py")} == set(api.MODULES)


def test_command_names_do_not_collide() -> None:
    names = [command.name for module in cli.MODULES for command in cli.commands_of(module)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "asked,language",
    [("en_GB.UTF-8", "en"), ("zh_CN.UTF-8", "zh-hans"), ("C.UTF-8", "zh-hans"), ("", "zh-hans")],
)
def test_terminal_is_spoken_to_in_its_language(
    monkeypatch: pytest.MonkeyPatch, asked: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", asked)
    assert cli.terminal_language() == language


def test_management_commands_pass_through_with_their_options(capfd: pytest.CaptureFixture[str]) -> None:
    result = CliRunner().invoke(cli.manage, ["check", "--help"])
    assert result.exit_code == 0
    assert "greenward manage check" in result.output
    assert OPENED == ["opened"]
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "greenward.config.settings"
