"""Accounts on the command line: make one, give it a new password, issue a token."""

import sys

import click
from django.utils.translation import gettext as _

from greenward.accounts import actions, queries
from greenward.core import clock, console


@click.group()
def accounts() -> None:
    """Make accounts and tokens."""


@accounts.command()
@click.argument("username")
@click.option("--display-name", default="", help="The name on the screen.")
@click.option("--no-password", is_flag=True, help="No sign-in by password; for programs that use tokens.")
@console.json_option
def create(*, username: str, display_name: str, no_password: bool, as_json: bool) -> None:
    """Make an account; asks for its password twice, or reads it from a pipe."""
    password = None if no_password else _password()
    user = actions.create_account(
        username, password=password, display_name=display_name, by=None, at=clock.now()
    )
    data = {"id": user.pk, "username": user.username}
    console.answer(data, as_json=as_json, text=_("已开立账户 %(username)s。") % {"username": user.username})


@accounts.command("set-password")
@click.argument("username")
@console.json_option
def set_password(*, username: str, as_json: bool) -> None:
    """Give an account a new password and end its sign-ins; asks twice, or reads it from a pipe."""
    user = queries.get_account(username)
    ended = actions.set_password(user, password=_password(), by=None, at=clock.now())
    data = {"username": user.username, "sessions_ended": ended}
    text = _("已为 %(username)s 设置新密码，结束了 %(ended)d 处登录。") % {
        "username": user.username,
        "ended": ended,
    }
    console.answer(data, as_json=as_json, text=text)


def _password() -> str:
    """Ask at a terminal, twice; read one line from a pipe. Never an argument: others can see those."""
    if sys.stdin.isatty():
        asked: str = click.prompt(_("密码"), hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\n")


@accounts.command()
@click.argument("username")
@click.option("--label", required=True, help="What the token is for.")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is valid.")
@console.json_option
def token(*, username: str, label: str, days: int, as_json: bool) -> None:
    """Issue a token and print it; it is shown this once."""
    user = queries.get_account(username)
    issued, plain = actions.issue_token(user, label=label, by=None, at=clock.now(), days=days)
    data = {"username": user.username, "label": label, "token": plain, "expires_at": issued.expires_at}
    console.answer(data, as_json=as_json, text=plain)


commands: list[click.Command] = [accounts]
