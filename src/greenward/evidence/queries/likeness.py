"""Finding pictures that may show the same as another, among very many."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from PIL import Image

from greenward.evidence.likeness.compare import Likeness, likeness
from greenward.evidence.likeness.marks import Marks
from greenward.evidence.likeness.views import View, small_of
from greenward.evidence.models import Picture

COMMONEST = 40
"""A word that more pictures have says nothing (corners of windows, letters) and costs most of the time."""
FEWEST_SHARED = 2
MOST_COMPARED = 16
SHARING = """
    SELECT found.picture_id, count(*)
    FROM unnest(%(words)s::int[]) AS sought
    CROSS JOIN LATERAL (
        SELECT picture_id, count(*) OVER () AS others
        FROM (SELECT picture_id FROM evidence_word WHERE word = sought LIMIT %(commonest)s + 1) AS holding
    ) AS found
    WHERE found.others <= %(commonest)s AND found.picture_id <> %(itself)s
    GROUP BY found.picture_id HAVING count(*) >= %(fewest)s
    ORDER BY count(*) DESC, found.picture_id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Alike:
    """A picture that may show the same as the one sought, and how alike they are."""

    picture_id: int
    likeness: Likeness


def alike(views: Iterable[View], *, but: int = 0) -> list[Alike]:
    """Return the pictures that may show the same as the one of these views, the most alike first.

    ``but`` is left out. Two queries a view, whatever is stored.
    """
    best: dict[int, Likeness] = {}
    for view in views:
        for picture, found in _compared(view, but):
            if found.is_same and (picture not in best or found.share > best[picture].share):
                best[picture] = found
    listed = [Alike(picture, found) for picture, found in best.items()]
    return sorted(listed, key=lambda one: (-one.likeness.share, one.picture_id))


def sharing(words: list[int], *, but: int = 0) -> list[int]:
    """Return the pictures that share most of the rarer words, at most MOST_COMPARED."""
    with connection.cursor() as cursor:
        cursor.execute(
            SHARING,
            {
                "words": words,
                "itself": but,
                "commonest": COMMONEST,
                "fewest": FEWEST_SHARED,
                "most": MOST_COMPARED,
            },
        )
        return [picture for picture, _shared in cursor.fetchall()]


def _compared(view: View, but: int) -> Iterator[tuple[int, Likeness]]:
    near = Picture.objects.filter(pk__in=sharing(view.marks.words(), but=but))
    for pk, marks, thumbnail in near.values_list("pk", "marks", "thumbnail"):
        with Image.open(io.BytesIO(thumbnail), formats=["JPEG"]) as picture:
            yield pk, likeness(view, Marks.from_bytes(bytes(marks)), small_of(picture))
