"""Tests that sign in by password forget the rate limits of other tests."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _forgetful() -> None:
    cache.clear()
