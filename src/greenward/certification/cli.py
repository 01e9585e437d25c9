"""`greenward certification`: checking certificates, and moving several applications in somebody's name."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import click
from django.utils.translation import gettext as _

from greenward.accounts.queries import get_account
from greenward.certification.actions.batch import move_each
from greenward.certification.queries.batch import (
    VERBS,
    check_may_move_several,
    chosen_for,
    move_named,
    prospects_of,
    waiting_for_move,
)
from greenward.certification.queries.rechecks import drawn
from greenward.certification.records import is_token, read
from greenward.core import clock, console
from greenward.core.signing import published_keys


@click.group()
def certification() -> None:
    """Certificates, and applications on their way to them."""


@certification.command()
@click.argument("what")
@click.option("--key", default="", help="The published public key; this site's own keys if left out.")
@console.json_option
@console.no_database
def verify(*, what: str, key: str, as_json: bool) -> None:
    """Check WHAT offline: a certificate's PDF, its record file, or the text of its square code.

    Ends with status 1 if the signature does not hold. Whether the title is still held, the register says.
    """
    found = read(what.encode() if is_token(what) or not Path(what).is_file() else Path(what).read_bytes())
    holds = found.holds_under(key.strip()) if key else found.holds(published_keys())
    said = _("签名相符。") if holds else _("签名不符：这份证书被改过，或不是用这个密钥签的。")
    lines = [said, *(f"{name}: {value}" for name, value in found.record.items())]
    data = {"holds": holds, "record": dict(found.record)}
    console.answer(data, as_json=as_json, text="\n".join(lines))
    if not holds:
        sys.exit(1)


@certification.command()
@click.option("--seed", required=True, help="The published seed.")
@click.option("--count", type=click.IntRange(0), required=True, help="How many are drawn.")
@click.argument("numbers", type=click.File())
@console.json_option
@console.no_database
def draw(*, seed: str, count: int, numbers: TextIO, as_json: bool) -> None:
    """Draw titles again: NUMBERS is a file (or - for stdin) with the numbers that took part.

    The first COUNT by SHA-256 of `seed/number`, as on the public page of recheck plans.
    """
    found = drawn(sorted(set(numbers.read().split())), seed, count)
    console.answer(found, as_json=as_json, text="\n".join(found))


@certification.command()
@click.argument("verb", type=click.Choice(VERBS))
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 2**63 - 1))
@click.option("--by", "username", required=True, help="The account in whose name, and with whose role.")
@click.option("--note", default="", help="The reasons, where the move owes them; the same for each.")
@click.option("--yes", is_flag=True, help="Move those that go; without it, nothing is changed.")
@console.json_option
def batch(*, verb: str, numbers: tuple[int, ...], username: str, note: str, yes: bool, as_json: bool) -> None:
    """Preview VERB for applications NUMBERS, or for all that wait for the account (at most 50); --yes moves.

    A decision has a person: it is made by the account's role, at its places, with its name in the audit
    trail. Ends with status 1 if one of the applications stays where it is.
    """
    user = get_account(username)
    check_may_move_several(user, move_named(verb))
    chosen = chosen_for(user, numbers) if numbers else waiting_for_move(user, verb)
    found = prospects_of(user, chosen, verb, clock.today())
    faults = {one.line.application.pk: one.faults for one in found}
    if yes:
        going = [(one.line.application, one.line.application.version) for one in found if one.goes]
        moved = move_each(going, verb, by=user, at=clock.now(), note=note)
        faults |= {one.application.pk: one.faults for one in moved}
    data = [
        {
            "number": one.line.application.pk,
            "code": one.line.place.place.code,
            "name": one.line.place.short_name,
            "goes": not faults[one.line.application.pk],
            "faults": faults[one.line.application.pk],
        }
        for one in found
    ]
    console.answer({"acted": yes, "cases": data}, as_json=as_json, text=_told(data, acted=yes))
    if any(faults.values()):
        sys.exit(1)


def _told(data: Sequence[Mapping[str, Any]], *, acted: bool) -> str:
    went = _("已办理") if acted else _("可办理")
    rows = [
        f"{one['number']:>6} {one['code']} {one['name']} "
        + (went if one["goes"] else _("不办理：%(why)s") % {"why": " ".join(one["faults"])})
        for one in data
    ]
    number = sum(bool(one["goes"]) for one in data)
    total = _("共 %(n)d 份：%(went)s %(number)d 份。") % {"n": len(data), "went": went, "number": number}
    hint = "" if acted or not number else _("这是预览，什么也没有改；加上 --yes 才办理。")
    return "\n".join([*rows, total, *([hint] if hint else [])])


commands: list[click.Command] = [certification]
