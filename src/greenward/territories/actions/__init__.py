"""All writing about places, offices and appointments."""

from greenward.territories.actions.importing import ImportSummary, import_places

__all__ = ["ImportSummary", "import_places"]
