"""What the staff's frame shows beside every page: the tree of their reach, the edition in force."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.programmes.queries import current
from greenward.territories.queries import roots_for


def frame(request: HttpRequest) -> dict[str, object]:
    """Give signed-in people ``side_template``, ``bell_template``, ``reach_roots``, ``edition``.

    The last two are read when shown.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "side_template": "workspace/side.html",
        "bell_template": "duties/parts/bell.html",
        "reach_roots": SimpleLazyObject(lambda: roots_for(user, on=clock.today())),
        "edition": SimpleLazyObject(_edition),
    }


def _edition() -> str:
    try:
        return str(current().pack)
    except NotFoundError:
        return ""
