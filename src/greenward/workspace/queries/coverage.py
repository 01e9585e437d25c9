"""How much of the survey is done at a place and right below it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from greenward.survey.models import Round
from greenward.survey.queries import communities_below
from greenward.survey.states import Progress
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
    """Return the coverage of the round at ``place`` and right below it, by path."""
    depth = place.path.count("/") + 1
    due: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for community in communities_below(survey_round, place.path, as_of):
        parts = community.place.path.split("/")
        for path in (place.path, "/".join(parts[:depth]) + "/"):
            due[path] += 1
            done[path] += community.progress == Progress.DONE
    return {path: Covered(done[path], number, survey_round.code) for path, number in due.items()}
