"""Where a draft stands, and which moves lead on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DraftState(TextChoices):
    """A draft is written, waits for a second person, and becomes an installed edition or is laid aside."""

    OPEN = "open", _("编写中")
    SUBMITTED = "submitted", _("待复核")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已作废")


MOVES: dict[str, tuple[frozenset[DraftState], DraftState]] = {
    "submit": (frozenset({DraftState.OPEN}), DraftState.SUBMITTED),
    "recall": (frozenset({DraftState.SUBMITTED}), DraftState.OPEN),
    "send_back": (frozenset({DraftState.SUBMITTED}), DraftState.OPEN),
    "publish": (frozenset({DraftState.SUBMITTED}), DraftState.PUBLISHED),
    "withdraw": (frozenset({DraftState.OPEN, DraftState.SUBMITTED}), DraftState.WITHDRAWN),
}
"""By verb: from which states, and to which one."""
EDITABLE = frozenset({DraftState.OPEN})
"""The states in which texts may change: what is submitted stays as it was read."""
