"""An import into a tree that somebody has begun is refused."""

import pytest

from greenward.core import clock
from greenward.core.errors import ConflictError
from greenward.territories.actions import import_places
from greenward.territories.models import Kind, Place
from tests.factories import territories as make


@pytest.mark.django_db
def test_import_into_a_started_tree_is_refused_and_changes_nothing() -> None:
    make.place(
        "110101001001", "示例社区", Kind.RESIDENTS_COMMITTEE, make.place_tree()[make.STREET], make.event()
    )
    before = Place.objects.count()
    with pytest.raises(ConflictError) as refused:
        import_places(by=None, at=clock.now())
    assert refused.value.data == {"known": 1, "rows": 7896}
    assert Place.objects.count() == before
