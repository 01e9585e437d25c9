"""The real city, brought in once for each module that asks for it."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.factories import territories as make


@pytest.fixture(scope="module")
def beijing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with make.beijing(django_db_blocker):
        yield
