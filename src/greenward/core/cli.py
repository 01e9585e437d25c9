"""The audit trail and the calendar of working days on the command line."""

from datetime import date

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import actions, clock, console, queries, workdays
from greenward.core import audit as trail
from greenward.core.models import AuditEntry


@click.group()
def audit() -> None:
    """Check and read the audit trail."""


@audit.command()
@console.json_option
def verify(*, as_json: bool) -> None:
    """Walk the whole chain; exit status 1 if an entry was changed, removed or put elsewhere."""
    breaks = trail.verify()
    number = AuditEntry.objects.count()
    lines = [
        _("共 %(number)s 条审计记录，发现 %(breaks)s 处断裂。") % {"number": number, "breaks": len(breaks)},
        *(f"#{b.number} {b.code}: {b.message}" for b in breaks),
    ]
    data = {
        "ok": not breaks,
        "entries": number,
        "breaks": [{"number": b.number, "code": b.code, "message": b.message} for b in breaks],
    }
    console.answer(data, as_json=as_json, text="\n".join(lines))
    if breaks:
        raise click.exceptions.Exit(1)


@audit.command("list")
@click.option("--action", default="", help="Beginning of the action, such as survey.")
@click.option("--subject", default="", help="Beginning of the subject, such as territories.place:110105")
@click.option("--by", type=int, default=None, help="Number of the account that acted.")
@click.option("--from", "first", type=console.DAY, default=None, help="First day.")
@click.option("--to", "last", type=console.DAY, default=None, help="Last day.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@console.json_option
def list_entries(  # its parameters are the command's options
    *,
    action: str,
    subject: str,
    by: int | None,
    first: date | None,
    last: date | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show entries, newest first."""
    entries = queries.audit_entries(action=action, subject=subject, by=by, first=first, last=last)[:limit]
    rows = [
        {
            "number": entry.number,
            "at": timezone.localtime(entry.at),
            "by": entry.by_id,
            "action": entry.action,
            "subject": entry.subject,
            "scope": entry.scope,
            "data": entry.data,
        }
        for entry in entries
    ]
    text = "\n".join(
        f"#{r['number']} {r['at']:%Y-%m-%d %H:%M:%S} {r['by'] or '-'} {r['action']} {r['subject']}"
        for r in rows
    )
    console.answer(rows, as_json=as_json, text=text)


@click.group()
def calendar() -> None:
    """Days that this office works, or has off, unlike the published calendar."""


@calendar.command("list")
@console.json_option
def list_days(*, as_json: bool) -> None:
    """Show every day that was decided here, the earliest first."""
    days = list(queries.calendar_overrides())
    rows = [{"day": one.day, "is_working": one.is_working, "reason": one.reason} for one in days]
    lines = [_line(one.day, one.reason, is_working=one.is_working) for one in days]
    console.answer(rows, as_json=as_json, text="\n".join(lines) or _("没有另行规定的日子。"))


@calendar.command("set")
@click.argument("day", type=console.DAY)
@click.option("--working/--holiday", "is_working", default=None, help="Worked, or a day off.")
@click.option("--reason", required=True, help="Why, such as the number of the notice.")
@console.json_option
def set_day(*, day: date, is_working: bool | None, reason: str, as_json: bool) -> None:
    """Decide whether a day is worked."""
    if is_working is None:
        raise click.UsageError(_("请写明 --working（上班）或 --holiday（放假）。"))
    made = actions.set_day(day, is_working=is_working, reason=reason, by=None, at=clock.now())
    data = {"day": made.day, "is_working": made.is_working, "reason": made.reason}
    text = _line(made.day, made.reason, is_working=made.is_working)
    console.answer(data, as_json=as_json, text=text)


@calendar.command("remove")
@click.argument("day", type=console.DAY)
@console.json_option
def remove_day(*, day: date, as_json: bool) -> None:
    """Let the published calendar decide a day again."""
    actions.remove_day(day, by=None, at=clock.now())
    worked = workdays.is_working_day(day)
    text = _line(day, _("按公布的日历"), is_working=worked)
    console.answer({"day": day, "is_working": worked}, as_json=as_json, text=text)


def _line(day: date, reason: str, *, is_working: bool) -> str:
    decided = _("上班") if is_working else _("放假")
    return f"{day}  {decided}  {reason}"


commands: list[click.Command] = [audit, calendar]
