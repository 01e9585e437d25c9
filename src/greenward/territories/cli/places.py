"""``greenward places``: the list, its figures as of a day, and the operations on it.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import click

from greenward.core import clock, console
from greenward.territories import actions, queries
from greenward.territories.models import Kind, PlaceVersion

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def places() -> None:
    """Show and change the tree of places."""


def dated(command: Command) -> Command:
    """Add what every operation asks for: the day, the reason, the document."""
    for option in (
        click.option("--source", default="", help="The document that decided it."),
        click.option("--reason", required=True, help="Why."),
        click.option("--on", type=console.DAY, required=True, help="The first day on which it holds."),
        console.json_option,
    ):
        command = option(command)
    return command


def new_place(text: str) -> actions.NewPlace:
    """Read ``CODE=NAME``."""
    code, equals, name = text.partition("=")
    if not equals:
        raise click.BadParameter(f"'{text}' should be CODE=NAME, such as 110101001012=示例社区居委会")
    return actions.NewPlace(code.strip(), name.strip())


@places.command("import")
@console.json_option
def import_list(*, as_json: bool) -> None:
    """Bring in the statistics bureau's list of Beijing; a second time changes nothing."""
    done = actions.import_places(by=None, at=clock.now())
    text = f"{done.created} made, {done.unchanged} there already, {done.placeholders} placeholders left out"
    console.answer(vars(done), as_json=as_json, text=text)


@places.command()
@console.as_of_option
@console.json_option
def summary(*, as_of: date, as_json: bool) -> None:
    """Count districts, township units, streets and urban communities as of a day."""
    found = queries.summary(as_of)
    lines = [
        f"{found.reporting_districts:>5} reporting districts",
        f"{found.township_units:>5} township units, {found.streets} of them streets",
        f"{found.urban_communities:>5} urban communities",
        *(f"{d.code}  {d.urban_communities:>5}  {d.name}" for d in found.by_district),
    ]
    console.answer(found.as_dict(), as_json=as_json, text="\n".join(lines))


@places.command()
@click.argument("code")
@console.as_of_option
@console.json_option
def show(*, code: str, as_of: date, as_json: bool) -> None:
    """Show one place: what it is on a day, and its history."""
    place = queries.place_with_code(code)
    version = queries.version_on(place, as_of)
    history = [
        {
            "kind": entry.kind.value,
            "on": entry.on,
            "reason": entry.event.reason,
            "source": entry.event.source,
            "came_from": [other.code for other in entry.came_from],
            "went_into": [other.code for other in entry.went_into],
        }
        for entry in queries.history_of(place)
    ]
    data = {
        "as_of": as_of,
        **(described(version) if version else {"code": code, "exists": False}),
        "history": history,
    }
    lines = [
        f"{code}  {version.name if version else '—'}  ({as_of})",
        *(
            f"  {entry['on'] or '…'}  {entry['kind']}: {entry['reason']}  {entry['source']}"
            for entry in history
        ),
    ]
    console.answer(data, as_json=as_json, text="\n".join(lines))


@places.command()
@click.argument("code")
@click.argument("name")
@dated
def rename(*, code: str, name: str, on: date, reason: str, source: str, as_json: bool) -> None:
    """Give the place CODE another full NAME."""
    place = queries.place_with_code(code)
    done = actions.rename(place, name, on=on, reason=reason, source=source, by=None, at=clock.now())
    tell([done], as_json=as_json)


@places.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, help="A code, or CODE=NAME for a new place.")
@click.option("--counts/--counts-not", default=None, help="Whether a new community counts as urban.")
@dated
def merge(
    *,
    codes: tuple[str, ...],
    into: str,
    counts: bool | None,
    on: date,
    reason: str,
    source: str,
    as_json: bool,
) -> None:
    """Merge the places CODES."""
    done = actions.merge(
        [queries.place_with_code(code) for code in codes],
        into=replace(new_place(into), counts=counts) if "=" in into else queries.place_with_code(into),
        on=on,
        reason=reason,
        source=source,
        by=None,
        at=clock.now(),
    )
    tell([done], as_json=as_json)


@places.command()
@click.argument("code")
@click.option("--into", multiple=True, required=True, help="CODE=NAME of a new place; give it repeatedly.")
@click.option("--below", multiple=True, help="CHILD=CODE: which new place a child goes to.")
@click.option("--keep", is_flag=True, help="The place goes on beside the new ones.")
@dated
def split(
    *,
    code: str,
    into: tuple[str, ...],
    below: tuple[str, ...],
    keep: bool,
    on: date,
    reason: str,
    source: str,
    as_json: bool,
) -> None:
    """Split the place CODE."""
    done = actions.split(
        queries.place_with_code(code),
        into=[new_place(text) for text in into],
        below={pair.code: pair.name for pair in map(new_place, below)},
        keep=keep,
        on=on,
        reason=reason,
        source=source,
        by=None,
        at=clock.now(),
    )
    tell(done, as_json=as_json)


@places.command()
@click.argument("code")
@click.option("--to", required=True, help="The code of the new parent.")
@dated
def move(*, code: str, to: str, on: date, reason: str, source: str, as_json: bool) -> None:
    """Let the place CODE, and all below it, report to another."""
    done = actions.move(
        queries.place_with_code(code),
        to=queries.place_with_code(to),
        on=on,
        reason=reason,
        source=source,
        by=None,
        at=clock.now(),
    )
    tell([done], as_json=as_json)


@places.command()
@click.argument("code")
@click.argument("name")
@click.option("--parent", required=True, help="The code of the place above.")
@click.option("--kind", type=click.Choice([k.value for k in Kind]), help="Needed above communities.")
@click.option("--counts/--counts-not", default=None, help="Whether it counts as an urban community.")
@dated
def create(
    *,
    code: str,
    name: str,
    parent: str,
    kind: str | None,
    counts: bool | None,
    on: date,
    reason: str,
    source: str,
    as_json: bool,
) -> None:
    """Make the place CODE, called NAME."""
    done = actions.create(
        actions.NewPlace(code, name, Kind(kind) if kind else None, counts),
        parent=queries.place_with_code(parent),
        on=on,
        reason=reason,
        source=source,
        by=None,
        at=clock.now(),
    )
    tell([done], as_json=as_json)


@places.command()
@click.argument("code")
@dated
def close(*, code: str, on: date, reason: str, source: str, as_json: bool) -> None:
    """End the place CODE without a successor."""
    place = queries.place_with_code(code)
    done = actions.close(place, on=on, reason=reason, source=source, by=None, at=clock.now())
    tell([done], as_json=as_json)


@places.command()
@click.argument("code")
@click.option("--counts/--counts-not", required=True, help="Whether it counts.")
@dated
def status(*, code: str, counts: bool, on: date, reason: str, source: str, as_json: bool) -> None:
    """Decide whether the place CODE counts as an urban community."""
    place = queries.place_with_code(code)
    actions.set_urban_status(
        place, counts=counts, on=on, reason=reason, source=source, by=None, at=clock.now()
    )
    version = queries.version_on(place, on)
    tell([version] if version else [], as_json=as_json)


def described(version: PlaceVersion) -> dict[str, Any]:
    """Return a version as plain values."""
    return {
        "code": version.place.code,
        "name": version.name,
        "short_name": version.short_name,
        "level": version.place.level,
        "kind": version.kind,
        "path": version.path,
        "from": version.during.lower,
        "to": version.during.upper,
    }


def tell(versions: list[PlaceVersion], *, as_json: bool) -> None:
    """Answer with the places as they stand after an operation."""
    text = "\n".join(
        f"{v.place.code}  {v.name}  from {v.during.lower or '…'} to {v.during.upper or '…'}" for v in versions
    )
    console.answer([described(version) for version in versions], as_json=as_json, text=text)
