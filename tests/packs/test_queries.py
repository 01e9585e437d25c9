import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.core.errors import NotFoundError
from greenward.packs import queries
from tests.factories.packs import install_beijing

pytestmark = pytest.mark.django_db


def test_the_latest_edition_is_found_by_the_pack_s_name() -> None:
    edition = install_beijing()
    assert queries.installed("beijing-2021") == edition
    assert queries.installed("beijing-2021", "2021.3") == edition


@pytest.mark.parametrize("name, edition", [("shanghai-2021", None), ("beijing-2021", "2021.9")])
def test_what_is_not_installed_is_not_found(name: str, edition: str | None) -> None:
    install_beijing()
    with pytest.raises(NotFoundError):
        queries.installed(name, edition)


def test_an_edition_is_read_from_the_database_once() -> None:
    edition = install_beijing()
    first = queries.pack(edition)
    with CaptureQueriesContext(connection) as asked:
        assert queries.pack(edition) is first
    assert len(asked) == 0
