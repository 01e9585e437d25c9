"""A draft from a workbook."""

from datetime import datetime

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError
from greenward.packs.actions.drafts import begin_from_texts
from greenward.packs.drafting.editions import renumbered
from greenward.packs.drafting.written import texts_of
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.queries.editions import pack as pack_of
from greenward.packs.workbook.reading import drafted
from greenward.packs.workbook.rows import CellFault


class CellsUnreadableError(InvalidInputError):
    """Cells of the workbook cannot be read; ``faults`` has each with what would be right."""

    code = "workbook_cells"

    def __init__(self, faults: tuple[CellFault, ...]) -> None:
        detail = _("工作簿有{n}处读不出，第一处：{first}").format(n=len(faults), first=faults[0])
        super().__init__(
            detail, hint=_("请在工作簿里改正后重新读入。"), faults=[fault.as_dict() for fault in faults]
        )
        self.faults = faults


def begin_from_workbook(
    content: bytes, base: InstalledPack, *, filename: str, title: str, by: User, at: datetime
) -> Draft:
    """Begin a draft from a workbook, everything that it does not cover from an installed edition.

    What can be read and contradicts itself goes into the draft and is shown at its cell. Raises
    NotAllowedError, WorkbookError, CellsUnreadableError with every cell, and stores nothing then.
    """
    pack = pack_of(base)
    found = drafted(content, renumbered(texts_of(pack), pack))
    if found.faults:
        raise CellsUnreadableError(found.faults)
    return begin_from_texts(
        found.texts, pack.manifest.id, pack.manifest.territory,
        base=base, title=title, by=by, at=at, cells=found.cells, source=filename[:200],
    )  # fmt: skip
