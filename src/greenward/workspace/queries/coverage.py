"""How much of the survey is done at a place and right below it."""

from dataclasses import dataclass
from datetime import date

from greenward.survey.models import Round
from greenward.survey.queries.coverage import counts_of, coverage_at, coverage_right_below
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Covered:
    """Communities surveyed and to be surveyed (已摸底/应摸底) in the round of code ``survey_round``."""

    done: int
    due: int
    survey_round: str

    @property
    def share(self) -> float | None:
        """``done`` over ``due`` in percent; None where nothing is to be surveyed."""
        return 100 * self.done / self.due if self.due else None


def covered_below(survey_round: Round, place: PlaceVersion, as_of: date) -> dict[str, Covered]:
    """Return the coverage of the round at ``place`` and right below, by path, where communities are due."""
    counts = counts_of(survey_round, as_of)
    found = [coverage_at(counts, place), *coverage_right_below(counts, place)]
    return {one.place.path: Covered(one.done, one.due, survey_round.code) for one in found if one.due}
