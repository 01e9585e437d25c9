"""The small city, on the demonstration's day."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.factories.workspace import TODAY, City, small_city


@pytest.fixture
def city(db: None, settings: Settings) -> Iterator[City]:
    settings.GREENWARD_TODAY = TODAY
    with small_city() as made:
        yield made
