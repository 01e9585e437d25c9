"""Reading installed packs; the policy is public, so every signed-in person may read all of it."""

from greenward.packs.queries.dictionary import FieldEntry, GroupEntry, dictionary_of, levels_of
from greenward.packs.queries.editions import (
    Listed,
    changes_since_previous,
    installed,
    installed_packs,
    listed,
    listed_editions,
    pack,
)
from greenward.packs.queries.readings import (
    AreaReading,
    FieldReading,
    FormReading,
    ItemReading,
    areas_of,
    forms_of,
    responsibilities_of,
    supplements_of,
)

__all__ = [
    "AreaReading",
    "FieldEntry",
    "FieldReading",
    "FormReading",
    "GroupEntry",
    "ItemReading",
    "Listed",
    "areas_of",
    "changes_since_previous",
    "dictionary_of",
    "forms_of",
    "installed",
    "installed_packs",
    "levels_of",
    "listed",
    "listed_editions",
    "pack",
    "responsibilities_of",
    "supplements_of",
]
