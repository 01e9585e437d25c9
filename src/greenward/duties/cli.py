"""``greenward duties``: a person's list, cover for absence, reminders by mail.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

from collections import Counter
from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _

from greenward.accounts.queries import get_account
from greenward.core import clock, console
from greenward.duties import actions, queries
from greenward.territories.queries import office_named, place_with_code


@click.group()
def duties() -> None:
    """Show what waits for people; let colleagues cover."""


@duties.command("list")
@click.argument("username")
@console.as_of_option
@console.json_option
def list_todos(*, username: str, as_of: date, as_json: bool) -> None:
    """List what waits for a person on a day, the most pressing first."""
    lines = queries.together(queries.todos_for(get_account(username), as_of))
    data = [
        {
            "kind": line.first.kind,
            "what": line.first.what,
            "where": line.places,
            "count": line.count,
            "due_on": line.first.due_on,
            "urgency": line.first.urgency,
            "url": line.first.url,
            "for": line.first.lender.username if line.first.lender else None,
        }
        for line in lines
    ]
    rows = [f"{one['urgency']:8} {one['due_on'] or '-':10} {one['what']} {one['where']}" for one in data]
    console.answer(data, as_json=as_json, text="\n".join(rows))


@duties.command("covers")
@console.as_of_option
@console.json_option
def covers(*, as_of: date, as_json: bool) -> None:
    """List the cover that has not ended by a day."""
    data = [
        {
            "number": one.pk,
            "lender": one.lender.username,
            "delegate": one.delegate.username,
            "place": one.office.place.code,
            "office": one.office.name,
            "kinds": one.kinds,
            "begins": one.during.lower,
            "until": one.until,
        }
        for one in queries.delegations_on(as_of)
    ]
    rows = [f"{c['number']} {c['lender']} → {c['delegate']} {c['begins']}–{c['until']}" for c in data]
    console.answer(data, as_json=as_json, text="\n".join(rows))


@duties.command("hand-over")
@click.argument("lender")
@click.argument("delegate")
@click.option("--place", required=True, help="The code of the office's place.")
@click.option("--office", required=True, help="The office's name.")
@click.option("--kind", "kinds", multiple=True, help="A kind of to-do; all of them if not given.")
@click.option("--from", "begins", type=console.DAY, required=True, help="The first day.")
@click.option("--until", type=console.DAY, required=True, help="The last day.")
@click.option("--reason", required=True, help="Why, such as leave.")
@console.json_option
def hand_over(
    *,
    lender: str,
    delegate: str,
    place: str,
    office: str,
    kinds: tuple[str, ...],
    begins: date,
    until: date,
    reason: str,
    as_json: bool,
) -> None:
    """Hand one person's work to a colleague for a time."""
    made = actions.hand_over(
        get_account(lender),
        get_account(delegate),
        office_named(place_with_code(place), office),
        kinds=kinds,
        begins=begins,
        until=until,
        reason=reason,
        by=None,
        at=clock.now(),
    )
    text = _("%(lender)s 的事由 %(delegate)s 代办，%(begins)s 至 %(until)s。") % {
        "lender": lender,
        "delegate": delegate,
        "begins": begins,
        "until": until,
    }
    console.answer({"number": made.pk, "permissions": made.permissions}, as_json=as_json, text=text)


@duties.command("revoke")
@click.argument("number", type=int)
@console.json_option
def revoke(*, number: int, as_json: bool) -> None:
    """End a delegation now."""
    actions.revoke(queries.get_delegation(number), by=None, at=clock.now())
    console.answer({"number": number}, as_json=as_json, text=_("代办已经结束。"))


@duties.command("send-reminders")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send and note nothing.")
@console.as_of_option
@console.json_option
@click.pass_context
def send_reminders(ctx: click.Context, *, dry_run: bool, as_of: date, as_json: bool) -> None:
    """Mail everybody with a confirmed address what is new for them; for cron or a timer, on any day.

    Nobody is sent the same twice, however often it runs. Ends with status 1 if a mail failed.
    """
    results = actions.send_reminders(on=as_of, by=None, at=clock.now(), dry_run=dry_run)
    number = Counter(one.outcome for one in results)
    bad = [
        {"username": one.user.username, "outcome": one.outcome, "why": one.why}
        for one in results
        if one.outcome in {"failed", "unclear"}
    ]
    skipped = {name: number[name] for name in ("off", "not_due", "nothing")}
    data = {
        "sent": number["sent"],
        "would_send": number["would_send"],
        "failed": bad,
        "skipped": skipped,
        "without_confirmed_address": queries.people_without_confirmed_address(),
    }
    console.answer(data, as_json=as_json, text=_told(data, dry_run=dry_run))
    if bad:
        ctx.exit(1)


def _told(data: dict[str, Any], *, dry_run: bool) -> str:
    """Say what a run did, a line for each thing."""
    first = _("将发 %(n)d 封（试运行，没有发出）。") if dry_run else _("发出 %(n)d 封。")
    number = data["would_send"] if dry_run else data["sent"]
    lines = [first % {"n": number}]
    lines += [f"{one['username']}：{one['why']}" for one in data["failed"]]
    lines.append(
        _("跳过：没有新内容 %(nothing)d，本日或本周不再发 %(not_due)d，不要邮件 %(off)d。") % data["skipped"]
    )
    lines.append(_("没有确认地址、不发的：%(n)d 人。") % {"n": data["without_confirmed_address"]})
    return "\n".join(lines)


commands: list[click.Command] = [duties]
