"""Writing: keeping files, filing them under communities, answering questions about them."""

from greenward.evidence.actions.answer import answer
from greenward.evidence.actions.filing import file_evidence, file_record, withdraw
from greenward.evidence.actions.keep import LARGEST, keep_file
from greenward.evidence.actions.unfit import UnfitFileError

__all__ = ["LARGEST", "UnfitFileError", "answer", "file_evidence", "file_record", "keep_file", "withdraw"]
