"""Questions to reviewers: the same file, or a picture that may show the same, stands elsewhere too.

A question says what was found; whether that is wrong, people decide. What stands beyond the asker's reach is
told as a fact without name, picture or text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.evidence.models import Answer, Use
from greenward.evidence.queries.uses import standing
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on

PAIRS = """
    WITH here AS (
        SELECT used.* FROM evidence_use used
        JOIN territories_placeversion version
          ON version.place_id = used.place_id AND version.during @> %(today)s::date
        WHERE version.path LIKE %(under)s AND used.withdrawn_at IS NULL
    ), alike AS (
        SELECT later_id AS one, earlier_id AS two, share, mirrored FROM evidence_resemblance
        UNION ALL SELECT earlier_id, later_id, share, mirrored FROM evidence_resemblance
    ), pairs AS (
        SELECT here.id AS use, other.id AS other, 100 AS share, false AS mirrored, true AS same
        FROM here JOIN evidence_use other ON other.file_id = here.file_id AND other.id <> here.id
        UNION ALL
        SELECT here.id, other.id, alike.share, alike.mirrored, false
        FROM here JOIN alike ON alike.one = here.file_id JOIN evidence_use other ON other.file_id = alike.two
    )
    , asked AS (
        SELECT pairs.*, CASE WHEN other.place_id <> used.place_id THEN 'place'
                             WHEN other.year <> used.year THEN 'year' ELSE 'item' END AS kind,
               EXISTS (SELECT FROM here WHERE here.id = pairs.other) AS within
        FROM pairs
        JOIN evidence_use used ON used.id = pairs.use
        JOIN evidence_use other ON other.id = pairs.other AND other.withdrawn_at IS NULL
        WHERE (other.place_id, other.year) <> (used.place_id, used.year)
           OR other.item <> used.item AND '' NOT IN (other.item, used.item)
    )
    SELECT use, other, share, mirrored, same, kind, EXISTS (
        SELECT FROM evidence_answer WHERE use_id = use AND other_id = other
        OR within AND use_id = other AND other_id = use
    ) AS answered
    FROM asked WHERE use > other OR NOT within
    ORDER BY answered, array_position(ARRAY['place', 'year', 'item'], kind), use DESC, other DESC
"""


class Elsewhere(StrEnum):
    """Where the same stands too, the weightiest first."""

    PLACE = "place"
    YEAR = "year"
    ITEM = "item"

    @property
    def label(self) -> StrOrPromise:
        """What it is called."""
        return {
            Elsewhere.PLACE: gettext_lazy("另一个社区也用了"),
            Elsewhere.YEAR: gettext_lazy("另一个年度也用了"),
            Elsewhere.ITEM: gettext_lazy("另一项也用了"),
        }[self]


@dataclass(frozen=True)
class Pair:
    """Two uses by their numbers: what they share, percent of it, and whether somebody answered."""

    use: int
    other: int
    share: int
    mirrored: bool
    same: bool
    kind: str
    answered: bool

    @property
    def elsewhere(self) -> Elsewhere:
        """Where the same stands too."""
        return Elsewhere(self.kind)


@dataclass(frozen=True)
class Placed:
    """A use at a community as it stands today."""

    use: Use
    place: PlaceVersion


@dataclass(frozen=True)
class Question:
    """A question with what the asker may see of it: ``other`` is None beyond their reach."""

    pair: Pair
    here: Placed
    other: Placed | None
    answer: Answer | None


def pairs_under(path: str) -> list[Pair]:
    """Return the questions below the place at ``path``, the open and weighty first. One query.

    A pair within the place is one question, asked of the later use. What stands for no item yet, such as a
    record of daily work, raises none when an item of its community and year takes it up.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"today": clock.today(), "under": f"{path}%"})
        return [Pair(*row) for row in cursor.fetchall()]


def questions_for(user: User | AnonymousUser, pairs: Sequence[Pair]) -> list[Question]:
    """Return the questions with uses, places and answers; three queries for however many."""
    uses = {
        use.pk: use
        for use in standing().filter(pk__in={number for one in pairs for number in (one.use, one.other)})
    }
    versions = versions_on(clock.today()).filter(place__in={use.place_id for use in uses.values()})
    places = {version.place_id: version for version in versions}
    answers = {
        (one.use_id, one.other_id): one
        for one in Answer.objects.filter(use__in=uses, other__in=uses).select_related("by")
    }
    reach = reach_of(user)

    def placed(number: int) -> Placed | None:
        use = uses.get(number)
        place = places.get(use.place_id) if use is not None else None
        if use is None or place is None or not reach.covers(place.path):
            return None
        return Placed(use, place)

    found = []
    for pair in pairs:
        here, other = placed(pair.use), placed(pair.other)
        said = answers.get((pair.use, pair.other))
        if said is None and other is not None:
            said = answers.get((pair.other, pair.use))
        if here is not None:
            found.append(Question(pair, here, other, said if pair.answered else None))
    return found


def get_pair(use: Use, other: int, *, path: str) -> Use:
    """Return the other use that a question about ``use`` (at the place at ``path``) asks about.

    NotFoundError where there is no such question.
    """
    asked = {(one.use, one.other) for one in pairs_under(path)}
    found = Use.objects.filter(pk=other).first() if (use.pk, other) in asked else None
    if found is None:
        raise NotFoundError(_("没有这个疑问，或者材料已经撤下。"), hint=_("请刷新页面。"), number=other)
    return found


def open_questions(place: PlaceVersion) -> int:
    """Return how many questions below a place wait for an answer."""
    return sum(not one.answered for one in pairs_under(place.path))
