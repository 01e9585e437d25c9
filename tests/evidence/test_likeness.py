"""The finder: a picture used again is found however it was changed, and others are left in peace."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django import DjangoDbBlocker

from greenward.evidence.actions import keep_file
from greenward.evidence.likeness.marks import Marks, marks_of
from greenward.evidence.models import Resemblance
from greenward.evidence.pictures.looking import look_at
from greenward.evidence.queries.likeness import alike
from tests.evidence.conftest import jpeg as plain
from tests.factories.pictures import changes, jpeg, scene

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
SCENES = 40
CHANGES = changes()


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """Keep forty scenes; give their keys in order."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield [keep_file(f"{n}.jpg", jpeg(scene(n)), by=None, at=AT).pk for n in range(SCENES)]
        transaction.set_rollback(True)


def found(content: bytes) -> list[tuple[int, bool]]:
    return [(one.picture_id, one.likeness.mirrored) for one in alike(look_at(content, UTC).views)]


@pytest.mark.django_db
def test_forty_scenes_raise_no_question_among_themselves(stored: list[int]) -> None:
    assert not Resemblance.objects.filter(later__in=stored).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("number,name", enumerate(CHANGES), ids=CHANGES)
def test_a_changed_picture_is_found_and_nothing_else(stored: list[int], number: int, name: str) -> None:
    changed = CHANGES[name](scene(number))
    assert found(changed) == [(stored[number], "mirrored" in name)]


@pytest.mark.django_db
def test_the_whole_is_found_by_its_part(stored: list[int]) -> None:
    whole = scene(77)
    part = keep_file("局部.jpg", jpeg(whole.crop((100, 60, 580, 420))), by=None, at=AT)
    assert found(jpeg(whole)) == [(part.pk, False)]


@pytest.mark.django_db
def test_another_scene_finds_nothing(stored: list[int]) -> None:
    assert found(jpeg(scene(88))) == []


@pytest.mark.django_db
def test_pictures_without_corners_raise_no_questions() -> None:
    for number in range(3):
        keep_file(f"{number}.jpg", plain(600 + number, 400), by=None, at=AT)
    assert not Resemblance.objects.exists()


@pytest.mark.django_db
def test_what_is_found_is_noted_once_with_the_share(stored: list[int]) -> None:
    later = keep_file("再用.jpg", CHANGES["cut and mirrored"](scene(5)), by=None, at=AT)
    noted = Resemblance.objects.get(later=later.pk)
    assert (noted.earlier_id, noted.mirrored, noted.share > 90) == (stored[5], True, True)


@pytest.mark.django_db
def test_searching_takes_two_queries_a_view_however_much_is_stored(stored: list[int]) -> None:
    look = look_at(jpeg(scene(3)), UTC)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        alike(look.views)
    assert len(caught) == 4


def test_marks_come_back_as_they_were_stored() -> None:
    marks = marks_of(scene(1).convert("L"))
    again = Marks.from_bytes(marks.to_bytes())
    assert (again.size, again.words()) == (marks.size, marks.words())
    assert abs(again.places - marks.places).max() < 0.02


def test_words_are_stable_under_new_compression() -> None:
    picture = scene(2)
    with Image.open(io.BytesIO(jpeg(picture, 40))) as compressed:
        one, two = (set(marks_of(each.convert("L")).words()) for each in (picture, compressed))
    assert len(one & two) > len(one) / 4
