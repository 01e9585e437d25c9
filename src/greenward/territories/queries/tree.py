"""The tree that a person sees, level by level."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from greenward.accounts.models import User
from greenward.core.rows import all_rows
from greenward.territories.access import reach_of
from greenward.territories.models import UNIT_PARENT, Place, PlaceVersion
from greenward.territories.queries.places import get_place_for, places_for, urban_communities
from greenward.territories.queries.summary import count_by_part

OUTERMOST = """FROM territories_placeversion version
    JOIN territories_place place ON place.id = version.place_id
    WHERE version.path = ANY(%(paths)s) AND version.during @> %(on)s::date ORDER BY version.path"""


@dataclass(frozen=True)
class Node:
    """A place in the tree: how many urban communities lie in it, how many places directly below it.

    ``nodes`` are the places below where they were asked for, else empty.
    """

    version: PlaceVersion
    urban_communities: int
    children: int
    nodes: tuple["Node", ...] = ()

    @property
    def code(self) -> str:
        """Return the place's code."""
        return self.version.place.code


def children_for(user: User | AnonymousUser, code: str, *, on: date, units: bool = True) -> tuple[Node, ...]:
    """Return the places directly below ``code`` within reach, by code; NotFoundError beyond reach.

    Always four queries, however many children. Without ``units`` the tree ends at communities.
    """
    parent = get_place_for(user, code, on=on)
    return _below(places_for(user, on=on), parent, on=on, units=units)


def roots_for(user: User | AnonymousUser, *, on: date) -> list[PlaceVersion]:
    """Return the outermost places of the person's reach that existed on ``on``."""
    asked = {"paths": list(reach_of(user).paths()), "on": on}
    found = all_rows({"version": PlaceVersion, "place": Place}, OUTERMOST, asked)
    for row in found:
        row["version"].place = row["place"]
    return [row["version"] for row in found]


def tree_for(user: User | AnonymousUser, *, on: date) -> tuple[Node, ...]:
    """Return the top of the person's tree: the places of the reach, each with what lies directly below.

    Deeper levels are asked for when they are opened (:func:`children_for`).
    """
    versions = places_for(user, on=on)
    nodes = []
    for root in roots_for(user, on=on):
        below = _below(versions, root, on=on, units=False)
        count = urban_communities(on, under=root.path).count()
        nodes.append(Node(root, count, len(below), below))
    return tuple(nodes)


def _below(
    versions: QuerySet[PlaceVersion], parent: PlaceVersion, *, on: date, units: bool
) -> tuple[Node, ...]:
    under = versions.filter(path__startswith=parent.path)
    if not units:
        under = under.exclude(place__level__in=UNIT_PARENT)
    direct = list(under.filter(parent=parent.place_id).order_by("place__code"))
    grandchildren = dict(
        under.filter(parent__in=[version.place_id for version in direct])
        .order_by()
        .values_list("parent")
        .annotate(Count("pk"))
    )
    communities = count_by_part(urban_communities(on, under=parent.path), depth=parent.path.count("/") + 1)
    return tuple(
        Node(version, communities.get(version.place.code, 0), grandchildren.get(version.place_id, 0))
        for version in direct
    )
