"""All writing about places, offices and appointments.

``by`` is the person who acts and must have the permission; None is the system itself (command line, set-up,
demonstration), which is not asked for one.
"""

from greenward.territories.actions.boundaries import merge, split
from greenward.territories.actions.changing import add_alias, move, rename, set_urban_status
from greenward.territories.actions.importing import ImportSummary, import_places
from greenward.territories.actions.making import NewPlace, close, create
from greenward.territories.actions.offices import appoint, create_office, dismiss
from greenward.territories.actions.units import create_units, withdraw_units

__all__ = [
    "ImportSummary",
    "NewPlace",
    "add_alias",
    "appoint",
    "close",
    "create",
    "create_office",
    "create_units",
    "dismiss",
    "import_places",
    "merge",
    "move",
    "rename",
    "set_urban_status",
    "split",
    "withdraw_units",
]
