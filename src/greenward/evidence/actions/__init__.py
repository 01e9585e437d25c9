"""Writing: keeping files, and taking in what pictures show."""

from greenward.evidence.actions.keep import LARGEST, keep_file
from greenward.evidence.actions.unfit import UnfitFileError

__all__ = ["LARGEST", "UnfitFileError", "keep_file"]
