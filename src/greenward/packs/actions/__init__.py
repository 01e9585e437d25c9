"""All writing about packs: installing an edition, writing a draft of one, deciding about it."""

from greenward.packs.access import EditionTakenError, SecondPersonError, StandardAloneError
from greenward.packs.actions.deciding import publish, recall, send_back, submit, withdraw
from greenward.packs.actions.drafts import (
    DraftChangedError,
    begin,
    begin_from_texts,
    edit,
    remove,
    settle,
    write_entry,
)
from greenward.packs.actions.install import install
from greenward.packs.actions.workbooks import CellsUnreadableError, begin_from_workbook

__all__ = [
    "CellsUnreadableError",
    "DraftChangedError",
    "EditionTakenError",
    "SecondPersonError",
    "StandardAloneError",
    "begin",
    "begin_from_texts",
    "begin_from_workbook",
    "edit",
    "install",
    "publish",
    "recall",
    "remove",
    "send_back",
    "settle",
    "submit",
    "withdraw",
    "write_entry",
]
