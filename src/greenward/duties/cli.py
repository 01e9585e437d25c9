"""``greenward duties``: a person's list, and cover for absence.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

from datetime import date

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


commands: list[click.Command] = [duties]
