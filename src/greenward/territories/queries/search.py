"""Finding a place by what people type: name, alias, pinyin, initials, code."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from greenward.accounts.models import User
from greenward.territories.models import Alias, Level, PlaceVersion
from greenward.territories.queries.places import places_for

MOST = 20
_LEVELS = Case(
    *(When(place__level=level, then=Value(rank)) for rank, level in enumerate(Level)),
    output_field=IntegerField(),
)


def search_for(user: User | AnonymousUser, text: str, *, on: date, most: int = MOST) -> list[PlaceVersion]:
    """Return at most ``most`` places within reach that ``text`` names, the best first. One query."""
    if not text.strip():
        return []
    return list(matching(places_for(user, on=on), text, on=on)[:most])


def matching(versions: QuerySet[PlaceVersion], text: str, *, on: date) -> QuerySet[PlaceVersion]:
    """Narrow ``versions`` to those that ``text`` names, the best first.

    First exact names, then beginnings, then what holds the text; higher levels before lower ones.
    """
    text = "".join(text.split())
    alias = Alias.objects.filter(place=OuterRef("place"), during__contains=on)
    key = text.lower()
    exact = Q(name=text) | Q(short_name=text) | Q(place__code=text) | Exists(alias.filter(text=text))
    begins = (
        Q(short_name__startswith=text)
        | Q(initials__startswith=key)
        | Q(pinyin__startswith=key)
        | Q(place__code__startswith=text)
    )
    holds = Q(name__contains=text) | Q(pinyin__contains=key) | Exists(alias.filter(text__contains=text))
    rank = Case(
        When(exact, then=Value(0)), When(begins, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    return (
        versions.filter(exact | begins | holds)
        .annotate(rank=rank, level_rank=_LEVELS)
        .order_by("rank", "level_rank", "pinyin", "place__code")
    )
