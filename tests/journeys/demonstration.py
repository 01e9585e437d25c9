"""What journeys through the demonstration share: loading it, and signing in to it."""

from django.core.cache import cache
from pytest_django import Settings

from greenward.config.demonstration.load import load
from greenward.config.demonstration.people import PASSWORD
from greenward.config.demonstration.story import AS_OF

CITY, HAIDIAN, PINGGU = "110000000000", "110108000000", "110117000000"
STREET, OTHER_STREET = "110108006000", "110108007000"
COMMUNITY, NEIGHBOUR, FAR = "110108006011", "110108006006", "110117001001"


def stand_up(settings: Settings) -> None:
    """Load the demonstration as of its day."""
    settings.GREENWARD_TODAY = AS_OF
    cache.clear()
    load()


def sign_in(visit: object, username: str) -> None:
    """Sign in to a demonstration account; checks both pages."""
    page = visit.open("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state("networkidle")
    visit.check()
