"""The frame around every page, and the pages that nobody wants to see."""

from collections.abc import Callable

import pytest

WIDTHS = [390, 1280]


@pytest.mark.parametrize("width", WIDTHS)
def test_missing_page_is_legible_and_sound(page_at: Callable, width: int) -> None:
    visit = page_at(width)
    page = visit.open("/no-such-page", status=404)
    assert page.get_by_role("heading", level=1).count() == 1
