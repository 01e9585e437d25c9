"""What every page's frame shows: the demonstration banner, the language, the navigation."""

from django.http import HttpRequest

from greenward.core import clock
from greenward.core.models import Demonstration
from greenward.core.web.navigation import entries_for


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template what the frame needs.

    ``demonstration_day``: the day that GREENWARD_TODAY sets, or None; ``is_demonstration``: whether the
    data are made up; ``today``; ``large_print``: the person's choice or the visitor's
    cookie; ``navigation``: the asker's entries.
    """
    return {
        "demonstration_day": clock.demonstration_day(),
        "is_demonstration": Demonstration.objects.exists(),
        "today": clock.today(),
        "large_print": _large_print(request),
        "navigation": entries_for(request),
    }


def _large_print(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(user.large_print)
    return request.COOKIES.get("large_print") == "1"
