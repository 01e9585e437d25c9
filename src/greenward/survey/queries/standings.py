"""How many communities stand where in a round, street by street: one query, whatever their number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, F, Func, Max, Min, Value
from django.db.models.functions import TruncDate

from greenward.accounts.models import User
from greenward.survey.models import Round
from greenward.survey.queries.queue import queue_for
from greenward.survey.states import CaseState

ABOVE_COMMUNITY = 3
"""City, district and street: the codes of a community's path above it."""


@dataclass(frozen=True)
class Standing:
    """Communities of one street in one state: how many, since when the longest and the latest stand so.

    ``path`` is the street's.
    """

    path: str
    state: CaseState
    number: int
    oldest: date
    newest: date

    @property
    def district(self) -> str:
        """The path of the street's district."""
        return "".join(f"{code}/" for code in self.path.split("/")[: ABOVE_COMMUNITY - 1])


def standings_for(user: User | AnonymousUser, survey_round: Round) -> list[Standing]:
    """Return where the communities of a round within the person's reach stand, by street and state."""
    codes = [
        Func(F("path"), Value("/"), Value(n + 1), function="split_part", output_field=CharField())
        for n in range(ABOVE_COMMUNITY)
    ]
    found: Any = queue_for(user, survey_round).order_by()
    rows = (
        found.annotate(city=codes[0], district=codes[1], street=codes[2])
        .values_list("city", "district", "street", "state")
        .annotate(number=Count("pk"), oldest=Min(TruncDate("since")), newest=Max(TruncDate("since")))
        .order_by("city", "district", "street", "state")
    )
    return [_standing(*row) for row in rows]


def _standing(  # noqa: PLR0917 — a row of the query
    city: str, district: str, street: str, state: str, number: int, oldest: date, newest: date
) -> Standing:
    return Standing(f"{city}/{district}/{street}/", CaseState(state), number, oldest, newest)
