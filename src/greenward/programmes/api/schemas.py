"""What the API says about duties."""

from datetime import date

from ninja import Schema
from pydantic import Field

from greenward.core.api.schemas import Day
from greenward.programmes.queries import DutyDue


class DutiesAsked(Schema):
    """The day, and how many days ahead (and, for what is delivered, back) to look."""

    as_of: Day | None = None
    horizon_days: int = Field(60, ge=0, le=400)


class DutyOut(Schema):
    """What a place owes for a period. ``own_rule``: no clause fixes the day. Negative days have passed."""

    id: str
    title: str
    place: str
    place_name: str
    period: str
    due_on: date
    state: str
    days_left: int
    working_days_left: int
    clause: str
    own_rule: bool
    delivered_on: date | None
    document: str | None

    @classmethod
    def of(cls, due: DutyDue) -> "DutyOut":
        """Describe ``due``."""
        return cls(
            id=due.duty.id,
            title=str(due.duty.title),
            place=due.place.place.code,
            place_name=due.place.name,
            period=due.label,
            due_on=due.due_on,
            state=due.state,
            days_left=due.days_left,
            working_days_left=due.working_days_left,
            clause=due.clause,
            own_rule=due.own_rule,
            delivered_on=due.delivery.delivered_on if due.delivery else None,
            document=due.delivery.document if due.delivery else None,
        )


class DutiesOut(Schema):
    """The duties within reach as of a day, most urgent first."""

    as_of: date
    items: list[DutyOut]
