"""How a column writes its answers: what one cell alone does not say."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Manner:
    """What holds for every cell of a column.

    ``factor``: plain numbers count so many of the field's unit (万㎡ → 10000). ``share``: plain numbers of a
    field in % are parts of one (0.3 → 30). ``circle``: what ○ means, None where nothing says it.
    ``months``: a month may stand for its first day. ``serials``: a bare number may be Excel's count of days,
    with ``since_1904`` by the calendar of old Macintosh files.
    """

    factor: Decimal = Decimal(1)
    share: bool = False
    circle: bool | None = None
    months: bool = False
    serials: bool = False
    since_1904: bool = False


PLAIN = Manner()
"""What a person fills in or a program sends: nothing beyond the answer itself."""
