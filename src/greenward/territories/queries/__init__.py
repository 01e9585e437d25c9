"""All reading about places, offices and appointments.

For a person: ``places_for`` and what is built on it. For calculations: ``versions_on`` and
``urban_communities``.
"""

from greenward.territories.queries.file import Period, PlaceFile, place_file_for
from greenward.territories.queries.history import (
    HistoryEntry,
    Named,
    history_of,
    names_of,
    predecessors,
    successors,
)
from greenward.territories.queries.offices import (
    Held,
    Holder,
    appointments_for,
    appointments_like,
    holders_for,
    office_named,
    offices_at,
    offices_for,
    with_places,
)
from greenward.territories.queries.places import (
    ancestors,
    below,
    get_place_for,
    place_with_code,
    places_for,
    urban_communities,
    version_on,
    versions_on,
    within_reach,
)
from greenward.territories.queries.search import matching, search_for
from greenward.territories.queries.summary import DistrictCount, Summary, summary
from greenward.territories.queries.tree import Node, children_for, roots_for, tree_for

__all__ = [
    "DistrictCount",
    "Held",
    "HistoryEntry",
    "Holder",
    "Named",
    "Node",
    "Period",
    "PlaceFile",
    "Summary",
    "ancestors",
    "appointments_for",
    "appointments_like",
    "below",
    "children_for",
    "get_place_for",
    "history_of",
    "holders_for",
    "matching",
    "names_of",
    "office_named",
    "offices_at",
    "offices_for",
    "place_file_for",
    "place_with_code",
    "places_for",
    "predecessors",
    "roots_for",
    "search_for",
    "successors",
    "summary",
    "tree_for",
    "urban_communities",
    "version_on",
    "versions_on",
    "with_places",
    "within_reach",
]
