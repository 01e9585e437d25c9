"""Where files are filed: a community's evidence, what daily work offers, and the files that belong to it."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.evidence.models import File, Picture, Use
from greenward.evidence.queries.files import kept_by
from greenward.packs.schema.standard import Item
from greenward.programmes import queries as programmes
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import get_place_for

UNREAD = ("file__content", "file__picture__marks", "file__picture__thumbnail")


def standing() -> QuerySet[Use]:
    """Return the uses that were not withdrawn, with file and picture but without their contents."""
    with_file = Use.objects.select_related("file__picture", "file__by", "place", "by")
    return with_file.filter(withdrawn_at=None).defer(*UNREAD)


def evidence_at(place: Place, *, item: str = "", year: int | None = None) -> QuerySet[Use]:
    """Return a community's evidence: what people filed, and records that an item has; the latest first.

    ``item`` and ``year`` narrow it.
    """
    found = standing().filter(place=place).exclude(item="", source__gt="")
    if item:
        found = found.filter(item=item)
    if year is not None:
        found = found.filter(year=year)
    return found.order_by("-year", "item", "-id")


def offered_at(place: Place) -> QuerySet[Use]:
    """Return the records of daily work that no item has as evidence yet, the latest first."""
    taken = Use.objects.filter(place=place, file=OuterRef("file"), withdrawn_at=None).exclude(item="")
    found = standing().filter(~Exists(taken), place=place, item="", source__gt="")
    return found.order_by("-observed_on", "-id")


def also_filed(place: Place, files: Collection[int]) -> dict[int, list[Use]]:
    """Return by file every use that it has at the community, the latest year first."""
    found: dict[int, list[Use]] = {}
    uses = Use.objects.filter(place=place, file__in=list(files), withdrawn_at=None)
    for use in uses.order_by("-year", "item"):
        found.setdefault(use.file_id, []).append(use)
    return found


def years_at(place: Place) -> list[int]:
    """Return the years for which a community has evidence, the latest first."""
    years = Use.objects.filter(place=place, withdrawn_at=None).values_list("year", flat=True)
    return list(years.distinct().order_by("-year"))


def get_use_for(user: User | AnonymousUser, code: str, number: int) -> tuple[PlaceVersion, Use]:
    """Return a use at a place within reach, with the place; NotFoundError for every other."""
    place = get_place_for(user, code)
    found = standing().filter(place=place.place, pk=number).first()
    if found is None:
        raise NotFoundError(
            _("没有这份材料，或者已经撤下。"), hint=_("请从社区的材料页打开。"), number=number
        )
    return place, found


def file_at(user: User | AnonymousUser, code: str, digest: str) -> File:
    """Return a file that is filed under a place within reach, without its content.

    NotFoundError for every other: strangers cannot tell whether it exists.
    """
    place = get_place_for(user, code)
    filed = Use.objects.filter(place=place.place, withdrawn_at=None).values("file")
    found = File.objects.defer("content").filter(digest=digest, pk__in=filed).first()
    if found is None:
        raise NotFoundError(_("没有找到这份材料。"), hint=_("请从社区的材料页打开。"), code=code)
    return found


def picture_at(user: User | AnonymousUser, code: str, digest: str) -> Picture:
    """Return what the file shows, with its thumbnail; NotFoundError as for ``file_at`` and for no picture."""
    found = Picture.objects.defer("marks").filter(file=file_at(user, code, digest)).first()
    if found is None:
        raise NotFoundError(_("这份材料不是图片。"), hint=_("请下载后查看。"), code=code)
    return found


def may_take(place: Place, digest: str, *, by: User | None) -> bool:
    """Tell whether ``by`` may file this content: they handed it in, or the place has it filed."""
    filed = Use.objects.filter(place=place, file__digest=digest, withdrawn_at=None)
    return bool(kept_by(by, [digest])) or filed.exists()


def items() -> list[Item]:
    """Return the items of the standard in force, for which evidence is filed; none without a programme."""
    try:
        pack = programmes.policy(programmes.current())
    except NotFoundError:
        return []
    return [*pack.standard.items, *pack.standard.supplements]
