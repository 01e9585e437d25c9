"""What every command of the command line shares."""

from datetime import date
from decimal import Decimal

import click
import pytest
from click.testing import CliRunner
from pytest_django import Settings

from greenward.core import console


@click.command()
@console.as_of_option
def day(as_of: date) -> None:
    click.echo(as_of.isoformat())


def test_json_keeps_chinese_legible_and_decimals_exact() -> None:
    shown = console.as_text({"name": "绿社", "share": Decimal("0.30"), "on": date(2022, 9, 15)})
    assert shown == '{\n  "name": "绿社",\n  "share": "0.30",\n  "on": "2022-09-15"\n}'


def test_day_is_read_as_written() -> None:
    assert CliRunner().invoke(day, ["--as-of", "2022-09-15"]).output == "2022-09-15\n"


def test_day_defaults_to_the_clocks(settings: Settings) -> None:
    settings.GREENWARD_TODAY = date(2021, 11, 1)
    assert CliRunner().invoke(day, []).output == "2021-11-01\n"


@pytest.mark.parametrize("text", ["15.9.2022", "2022-02-30", "today"])
def test_no_day_is_refused_with_an_example(text: str) -> None:
    result = CliRunner().invoke(day, ["--as-of", text])
    assert result.exit_code == 2
    assert f"“{text}”不是日期，应写成 2022-09-15。" in result.output


def test_commands_need_the_database_unless_marked() -> None:
    @click.command()
    @console.no_database
    def check() -> None:
        """Check."""

    assert console.needs_database(day)
    assert not console.needs_database(check)
