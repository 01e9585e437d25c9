"""The audit trail on the command line."""

from datetime import date

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import audit as trail
from greenward.core import console, queries
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


commands: list[click.Command] = [audit]
