"""What every page's frame shows: the demonstration banner, the language, the navigation."""

from django.http import HttpRequest

from greenward.core import clock
from greenward.core.web.navigation import entries_for


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template ``demonstration_day`` (date or None) and ``navigation`` (list of Entry)."""
    return {
        "demonstration_day": clock.demonstration_day(),
        "today": clock.today(),
        "navigation": entries_for(request),
    }
