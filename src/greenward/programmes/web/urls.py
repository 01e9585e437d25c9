"""Addresses of the deliveries' pages."""

from datetime import date

from django.urls import path, register_converter

from greenward.core import clock
from greenward.programmes.web import views


class DayConverter:
    """A date in an address, written as 2022-09-15."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the date; ValueError, which is a 404, for none."""
        return clock.read_day(value)

    def to_url(self, value: date) -> str:
        """Write the date."""
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "programmes"
urlpatterns = [
    path("deliveries/<slug:duty>/<slug:code>/<day:due_on>/", views.deliver, name="deliver"),
]
