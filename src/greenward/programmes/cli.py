"""``greenward programme``: which pack is in force, and starting one.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

from datetime import date

import click

from greenward.core import clock, console
from greenward.packs import queries as packs
from greenward.programmes import actions, queries


@click.group()
def programme() -> None:
    """Show and start the programme in force."""


@programme.command()
@console.as_of_option
@console.json_option
def status(*, as_of: date, as_json: bool) -> None:
    """Show the edition in force on a day, its phase, and which denominators are fixed."""
    current = queries.current(as_of)
    phase = queries.phase_on(queries.policy(current), as_of)
    freezes = current.freezes.order_by("target_due")
    data = {
        "as_of": as_of,
        "edition": str(current.pack),
        "digest": current.pack.digest,
        "territory": current.territory.code,
        "in_force_from": current.in_force_from,
        "phase": None
        if phase is None
        else {"id": phase.id, "title": str(phase.title), "clause": phase.clause},
        "frozen": [{"target_due": f.target_due, "boundaries_on": f.boundaries_on} for f in freezes],
    }
    text = f"{data['edition']} in force since {current.in_force_from}; phase: {phase.title if phase else '-'}"
    console.answer(data, as_json=as_json, text=text)


@programme.command()
@click.argument("pack_id")
@click.option("--edition", help="The installed edition; the latest if not given.")
@click.option("--from", "in_force_from", type=console.DAY, required=True, help="The first day in force.")
@console.json_option
def start(*, pack_id: str, edition: str | None, in_force_from: date, as_json: bool) -> None:
    """Bring an installed pack into force at its territory; the same again changes nothing."""
    pack = packs.installed(pack_id, edition)
    started = actions.bring_into_force(pack=pack, in_force_from=in_force_from, by=None, at=clock.now())
    data = {"edition": str(started.pack), "in_force_from": started.in_force_from}
    console.answer(data, as_json=as_json, text=f"{started.pack} in force from {started.in_force_from}")


@programme.command()
@click.option("--target", "target_due", type=console.DAY, required=True, help="The day the target is due.")
@click.option("--boundaries-on", type=console.DAY, required=True, help="The day whose list counts.")
@console.json_option
def freeze(*, target_due: date, boundaries_on: date, as_json: bool) -> None:
    """Fix the communities that a target is counted against."""
    made = actions.freeze_denominator(
        programme=queries.current(target_due),
        target_due=target_due,
        boundaries_on=boundaries_on,
        by=None,
        at=clock.now(),
    )
    number = made.communities.count()
    data = {"target_due": target_due, "boundaries_on": boundaries_on, "communities": number}
    console.answer(data, as_json=as_json, text=f"{number} communities count for {target_due}")


commands: list[click.Command] = [programme]
