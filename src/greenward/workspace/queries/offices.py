"""For which offices a person acts."""

from greenward.accounts.models import User
from greenward.core import clock
from greenward.territories.models import Appointment


def offices_of(user: User) -> list[Appointment]:
    """Return the person's own appointments in force today, with their offices."""
    held = Appointment.objects.filter(user=user, during__contains=clock.today())
    return list(held.select_related("office").order_by("office__place__code", "role"))
