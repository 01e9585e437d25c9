"""The lists of places in an XLSForm: one after the other, each narrowed by the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from greenward.packs.schema.forms import Form
from greenward.survey.sensitivity import Person
from greenward.survey.xlsform.naming import PLACE_QUESTIONS
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import places_for, urban_communities, versions_on
from greenward.territories.roles import Permission

MOST = 5000
"""Places that a form carries as lists; above, codes are typed in."""
CHAINS = {
    "community": (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY),
    "compound": (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.COMPOUND),
    "facility": (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.FACILITY),
    "building": (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.COMPOUND, Level.BUILDING),
}


@dataclass(frozen=True)
class Choice:
    """A place to choose: code, name, and the code of the place in the list before; empty in the first."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Listed:
    """The lists from the top down, and whether the places are too many to be listed."""

    lists: tuple[tuple[Level, tuple[Choice, ...]], ...]
    typed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The questions' names, from the top down."""
        return tuple(PLACE_QUESTIONS[level] for level, _choices in self.lists)


def places_listed(person: Person, form: Form, day: date, under: PlaceVersion) -> Listed:
    """Return the places below ``under`` that the person may survey; None is the system.

    Upper lists with one place are left out: there is nothing to choose. A fixed number of queries.
    """
    chain = CHAINS[form.level]
    target = chain[-1] if form.key is None else chain[-2]
    permitted = (
        versions_on(day) if person is None else places_for(person, on=day, permission=Permission.SURVEY)
    )
    below = permitted.filter(path__startswith=under.path)
    communities = list(
        urban_communities(day, under=under.path).filter(pk__in=below.values("pk")).order_by("path")
    )
    if len(communities) > MOST:
        return Listed((), typed=True)
    wanted = {Level.COMMUNITY: communities}
    for level in chain[3:]:
        sort = form.sort or "" if level == Level.FACILITY else ""
        wanted[level] = list(below.filter(place__level=level, sort=sort).order_by("path"))
    if sum(map(len, wanted.values())) > MOST:
        return Listed((), typed=True)
    codes = {code for one in communities for code in one.path.split("/")[1:3]}
    above = versions_on(day).filter(place__code__in=codes).order_by("path")
    for level in chain[:2]:
        wanted[level] = [one for one in above if one.place.level == level]
    return Listed(tuple(_lists(chain, wanted, target)))


def _lists(
    chain: Sequence[Level], wanted: dict[Level, list[PlaceVersion]], target: Level
) -> list[tuple[Level, tuple[Choice, ...]]]:
    found: list[tuple[Level, tuple[Choice, ...]]] = []
    for depth, level in enumerate(chain, 1):
        places = wanted[level]
        if level in chain[:2] and len(places) <= 1 and not found:
            continue
        before = chain.index(found[-1][0]) + 1 if found else 0
        choices = tuple(
            Choice(one.place.code, one.name, one.path.split("/")[before] if before else "") for one in places
        )
        if choices or depth <= chain.index(target) + 1:
            found.append((level, choices))
    return found
