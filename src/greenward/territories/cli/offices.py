"""``greenward offices``: offices, and who holds which role in them."""

from datetime import date

import click

from greenward.accounts.queries import get_account
from greenward.core import clock, console
from greenward.territories import actions, queries
from greenward.territories.roles import ROLES


@click.group()
def offices() -> None:
    """Show and make offices; appoint people to roles in them."""


@offices.command("list")
@click.argument("code")
@console.json_option
def list_offices(*, code: str, as_json: bool) -> None:
    """List the offices at the place CODE with the roles held there today."""
    found = queries.offices_at(queries.place_with_code(code))
    facts = [
        {
            "name": office.name,
            "department": office.department,
            "held": [{"username": one.user.username, "role": one.role} for one in held],
        }
        for office, held in found
    ]
    lines = [
        "  ".join([office.name, *(f"{one.user.username} ({one.role})" for one in held)])
        for office, held in found
    ]
    console.answer(facts, as_json=as_json, text="\n".join(lines))


@offices.command()
@click.argument("code")
@click.argument("name")
@click.option("--department", default="", help="The pack's slug, where the office is a department.")
@console.json_option
def create(*, code: str, name: str, department: str, as_json: bool) -> None:
    """Make the office NAME at the place CODE."""
    office = actions.create_office(
        queries.place_with_code(code), name, department=department, by=None, at=clock.now()
    )
    console.answer({"place": code, "name": office.name}, as_json=as_json, text=office.name)


@offices.command()
@click.argument("username")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.argument("code")
@click.argument("name")
@click.option("--from", "begins", type=console.DAY, help="The first day; today if not said.")
@click.option("--until", type=console.DAY, help="The first day on which it no longer holds.")
@console.json_option
def appoint(
    *, username: str, role: str, code: str, name: str, begins: date | None, until: date | None, as_json: bool
) -> None:
    """Give USERNAME the ROLE in the office NAME at the place CODE."""
    office = queries.office_named(queries.place_with_code(code), name)
    held = actions.appoint(
        get_account(username), office, role, begins=begins, until=until, by=None, at=clock.now()
    )
    facts = {"username": username, "role": held.role, "place": code, "office": office.name}
    console.answer(facts, as_json=as_json, text=f"{username}: {role}, {office.name}")
