"""Duties as a person sees them: the same duty of several places is one line."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.programmes.queries import DutyDue, DutyState, duties_for


@dataclass(frozen=True)
class DutyLine:
    """A duty of a period in one state, and everybody it stands so for."""

    first: DutyDue
    dues: tuple[DutyDue, ...]

    @property
    def is_one(self) -> bool:
        """True when it concerns one place only."""
        return len(self.dues) == 1


def duties_together(user: User | AnonymousUser, on: date) -> list[DutyLine]:
    """Return what the places within reach owe, most urgent first; delivered duties are left out."""
    owed = [due for due in duties_for(user, on) if due.state != DutyState.DELIVERED]
    groups = groupby(owed, key=lambda due: (due.state, due.due_on, due.duty.id))
    return [DutyLine(dues[0], dues) for _key, group in groups for dues in [tuple(group)]]
