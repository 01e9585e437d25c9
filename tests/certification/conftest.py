"""A city in which a community may apply."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.factories import certification
from tests.factories.certification import Town


@pytest.fixture
def town(db: None, settings: Settings) -> Iterator[Town]:
    settings.GREENWARD_TODAY = certification.TODAY
    with certification.town() as made:
        yield made
