"""What every page's frame shows: the demonstration banner, the language, the navigation."""

from django.http import HttpRequest

from greenward.core import clock
from greenward.core.models import Demonstration
from greenward.core.web.navigation import entries_for


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template what the frame needs.

    ``demonstration_day``: the day that GREENWARD_TODAY sets, or None; ``is_demonstration``: whether the
    data are made up; ``today``; ``navigation``: the asker's entries.
    """
    return {
        "demonstration_day": clock.demonstration_day(),
        "is_demonstration": Demonstration.objects.exists(),
        "today": clock.today(),
        "navigation": entries_for(request),
    }
