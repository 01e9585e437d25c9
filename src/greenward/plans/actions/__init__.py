"""All writing about district plans."""

from greenward.plans.actions.draft import OverwritingError, begin, write
from greenward.plans.actions.moves import comment, file, move

__all__ = ["OverwritingError", "begin", "comment", "file", "move", "write"]
