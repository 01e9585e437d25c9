"""The command line's manners: the answer on stdout, everything else on stderr, errors with codes.

A module offers its commands as ``commands: list[click.Command]`` in ``cli.py``; ``greenward.config.cli``
gathers them, opens the database before a command runs and reports what it refuses.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.errors import GreenwardError

Callback = TypeVar("Callback", bound=Callable[..., Any])

REFUSED = 2  # exit status of a command that refused; 1 is a negative answer, such as a pack with faults

json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


class Day(click.ParamType[date]):
    """A date written as 2022-09-15."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail saying how one is written."""
        if isinstance(value, date):
            return value
        try:
            return clock.read_day(str(value))
        except ValueError:
            self.fail(_("“%(value)s”不是日期，应写成 2022-09-15。") % {"value": value}, param, ctx)


DAY = Day()

as_of_option = click.option(
    "--as-of",
    type=DAY,
    default=lambda: clock.today(),  # noqa: PLW0108 - asked when the command runs, so that tests may set the clock
    show_default="today",
    help="The day the answer holds for.",
)


def no_database(callback: Callback) -> Callback:
    """Mark a command that answers without the database, so that none is started for it."""
    vars(callback)["no_database"] = True
    return callback


def needs_database(command: click.Command) -> bool:
    """Whether the database must be up before the command runs."""
    return command.callback is not None and not vars(command.callback).get("no_database", False)


def answer(data: object, *, as_json: bool, text: str = "") -> None:
    """Print the answer: ``data`` as JSON, or ``text`` for people."""
    click.echo(as_text(data) if as_json else text)


def as_text(data: object) -> str:
    """Return ``data`` as JSON with Chinese left legible; dates in ISO form, decimals as strings."""
    return json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def note(message: str) -> None:
    """Tell the person at the terminal something that is not the answer."""
    click.echo(message, err=True)


def report(error: GreenwardError, *, as_json: bool) -> None:
    """Say on stderr what was refused, why and what to do; as JSON where the command answers in JSON."""
    if as_json:
        click.echo(
            as_text(
                {
                    "code": error.code,
                    "title": str(error.title),
                    "detail": str(error.detail),
                    "hint": str(error.hint),
                    "data": {name: str(value) for name, value in error.data.items()},
                }
            ),
            err=True,
        )
        return
    click.echo(f"{error.title}：{error.detail}", err=True)
    if error.hint:
        click.echo(str(error.hint), err=True)
