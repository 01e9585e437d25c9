"""The command ``greenward``: gathers the modules' commands and opens the database for them."""

import copy
import functools
import importlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import click
import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.utils import translation

from greenward.config.database import check_up_to_date, opened_database
from greenward.core import console
from greenward.core.errors import GreenwardError

MODULES = (
    "core",
    "accounts",
    "territories",
    "packs",
    "duties",
    "programmes",
    "survey",
    "assessment",
    "certification",
    "config.demonstration",
    "config.simulation",
)


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenward.config.settings")
    django.setup()
    with translation.override(terminal_language()):
        gather().main(prog_name="greenward")


def terminal_language() -> str:
    """Return the language of the terminal, Chinese unless it asks for English."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if asked.startswith("en") else settings.LANGUAGE_CODE


def gather() -> click.Group:
    """Return the whole command, each module's part with the database opened for it."""
    whole = click.Group("greenward", help="Greenward (绿社): the green-community creation programme.")
    whole.add_command(manage)
    parts = [
        commands_of(module) for module in MODULES
    ]  # all first: a higher module may add to a lower's group
    for command in (command for part in parts for command in part):
        whole.add_command(attended(command))
    return whole


def commands_of(module: str) -> list[click.Command]:
    """Return the commands that a module offers."""
    commands: list[click.Command] = importlib.import_module(f"greenward.{module}.cli").commands
    return commands


def attended(command: click.Command) -> click.Command:
    """Return a copy of the command that opens the database first and reports refusals.

    The module's own object stays as it is: tests call it under their own database.
    """
    command = copy.copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: attended(part) for name, part in command.commands.items()}
    elif command.callback is not None:
        command.callback = attended_callback(command.callback, database=console.needs_database(command))
    return command


def attended_callback(callback: Callable[..., Any], *, database: bool) -> Callable[..., Any]:
    """Wrap a command's function: database up, refusals reported, exit status 2."""

    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with ExitStack() as stack:
                if database:
                    stack.enter_context(opened_database())
                    check_up_to_date()
                return callback(*args, **kwargs)
        except GreenwardError as error:
            console.report(error, as_json=bool(kwargs.get("as_json")))
            raise click.exceptions.Exit(console.REFUSED) from error

    return run


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands, such as migrate or shell."""
    try:
        with opened_database():
            execute_from_command_line(["greenward manage", *arguments])
    except GreenwardError as error:
        console.report(error, as_json=False)
        raise click.exceptions.Exit(console.REFUSED) from error
