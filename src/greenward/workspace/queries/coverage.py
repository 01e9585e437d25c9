"""How much of the survey is done below a place."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Covered:
    """Communities surveyed and to be surveyed (已摸底/应摸底)."""

    done: int
    due: int

    @property
    def share(self) -> float | None:
        """``done`` over ``due`` in percent; None where nothing is to be surveyed."""
        return 100 * self.done / self.due if self.due else None


def coverage_below(path: str, as_of: date) -> dict[str, Covered]:
    """Return the coverage of the place at ``path`` and of those below it, by path; empty without a round."""
    return {}
