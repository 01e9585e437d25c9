"""How old the figures are that a result rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from greenward.assessment.queries.explanation import Input
from greenward.core.months import after_months

YEAR = -12


@dataclass(frozen=True)
class Ages:
    """The known figures by age: the oldest day, how many are older than a year, how many tell no day.

    What is unknown is not among them: it has no age.
    """

    known: int
    oldest: date | None
    over_a_year: int
    undated: int

    def as_dict(self) -> dict[str, int | str | None]:
        """Return the same as plain data."""
        return {
            "known": self.known,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "over_a_year": self.over_a_year,
            "undated": self.undated,
        }

    @property
    def sentence(self) -> str:
        """The same in words; empty where nothing is known."""
        if not self.known:
            return ""
        if self.oldest is None:
            return _("所用 %(known)d 个数据都未注明日期。") % {"known": self.known}
        told = {
            "known": self.known,
            "oldest": self.oldest.isoformat(),
            "old": self.over_a_year,
            "undated": self.undated,
        }
        words = _(
            "所用 %(known)d 个数据，最早的 %(oldest)s；超过一年的 %(old)d 个，未注明日期的 %(undated)d 个。"
        )
        return words % told


def ages_of(inputs: Iterable[Input], as_of: date) -> Ages:
    """Return the ages of figures on a day."""
    days = [one.on for one in inputs]
    dated = [day for day in days if day is not None]
    since = after_months(as_of, YEAR)
    return Ages(
        len(days), min(dated, default=None), sum(day < since for day in dated), len(days) - len(dated)
    )
