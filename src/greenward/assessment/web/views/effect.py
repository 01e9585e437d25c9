"""What an edition or a draft would do to real communities: the effect on all, and one community tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from greenward.assessment import queries
from greenward.assessment.models import Verdict
from greenward.assessment.queries.effect import ItemMove
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.packs import queries as packs
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.web.pages import Tab, draft_page, edition_page
from greenward.programmes import queries as programmes
from greenward.territories.models import Level
from greenward.territories.queries import places_for

TABS = (
    Tab("assessment:effect", gettext_lazy("影响"), 70),
    Tab("assessment:draft_effect", gettext_lazy("影响"), 50, of="draft"),
)
"""The tabs that the assessment adds to the pages of packs; ``AppConfig.ready`` registers them."""
PER_PAGE = 50
LISTS = {
    "lose": gettext_lazy("达标变为不达标"),
    "gain": gettext_lazy("不达标变为达标"),
    "other": gettext_lazy("结论不变，等级或个别项变化"),
}


@dataclass(frozen=True)
class _Subject:
    """What is tried: an edition or a draft, against which edition, on which day."""

    of: InstalledPack | Draft
    pack: Pack
    against: InstalledPack
    day: date

    @property
    def name(self) -> str:
        """What files about it are called."""
        return f"draft-{self.of.pk}" if isinstance(self.of, Draft) else f"{self.of.pack_id}-{self.of.edition}"

    def page(self, request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
        """Render a page in the frame of the edition or the draft."""
        shown = {
            **context,
            "against": self.against,
            "as_of": self.day,
            "editions": packs.listed_editions(),
            "asked": request.GET.urlencode(),
        }
        if isinstance(self.of, Draft):
            address = reverse("assessment:draft_effect", args=[self.of.pk])
            own = {**shown, "frame": "packs/draft.html", "trial_base": address}
            return draft_page(request, self.of, "assessment:draft_effect", template, own)
        where = [self.of.pack_id, self.of.edition]
        own = {**shown, "frame": "packs/edition.html", "trial_base": reverse("assessment:effect", args=where)}
        return edition_page(request, self.of, "assessment:effect", template, own)


@login_required
@require_GET
def effect(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show who would gain and who would lose under an edition, against another one."""
    return _effect(request, _edition(request, pack_id, edition))


@login_required
@require_GET
def draft_effect(request: HttpRequest, number: int) -> HttpResponse:
    """Show the same for a draft."""
    return _effect(request, _draft(request, number))


@login_required
@require_GET
def effect_csv(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Give every community that an edition makes a difference for, as CSV."""
    return _csv(request, _edition(request, pack_id, edition))


@login_required
@require_GET
def draft_effect_csv(request: HttpRequest, number: int) -> HttpResponse:
    """Give the same for a draft."""
    return _csv(request, _draft(request, number))


@login_required
@require_GET
def trial(request: HttpRequest, pack_id: str, edition: str, code: str) -> HttpResponse:
    """Show one community under an edition and under another one, item by item."""
    return _trial(request, _edition(request, pack_id, edition), code)


@login_required
@require_GET
def draft_trial(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Show the same for a draft."""
    return _trial(request, _draft(request, number), code)


def _edition(request: HttpRequest, pack_id: str, edition: str) -> _Subject:
    of = packs.installed(pack_id, edition)
    earlier = packs.installed_packs().filter(pack_id=pack_id, pk__lt=of.pk).first()
    return _Subject(of, packs.pack(of), _against(request, earlier or of), as_of(request))


def _draft(request: HttpRequest, number: int) -> _Subject:
    of = packs.draft_for(request.user, number)
    found = packs.checked(of).pack
    if found is None:
        raise ConflictError(
            _("草稿还有读不通的地方，不能试算。"), hint=_("请先在“检查与复核”里改正。"), draft=number
        )
    return _Subject(of, found, _against(request, of.base), as_of(request))


def _against(request: HttpRequest, usual: InstalledPack | None) -> InstalledPack:
    """Return the edition asked for (``pack/edition``), else the usual one, else the one in force."""
    asked = request.GET.get("against", "")
    if asked:
        pack_id, _slash, edition = asked.partition("/")
        return packs.installed(pack_id, edition or None)
    return usual or programmes.current(as_of(request)).pack


def _effect(request: HttpRequest, subject: _Subject) -> HttpResponse:
    place = request.GET.get("place", "")
    old = packs.pack(subject.against)
    found = queries.effect_for(request.user, subject.pack, old, subject.day, under=place)
    listed = {"lose": found.losing, "gain": found.gaining, "other": found.otherwise}
    chosen = request.GET.get("list") if request.GET.get("list") in LISTS else "lose"
    districts = places_for(request.user, on=subject.day).filter(place__level=Level.DISTRICT)
    context = {
        "found": found,
        "items": [one for one in found.items if one.differs],
        "chosen": chosen,
        "lists": [(name, label, len(listed[name])) for name, label in LISTS.items()],
        "page": Paginator(listed[str(chosen)], PER_PAGE).get_page(request.GET.get("page")),
        "place": place,
        "places": list(districts.order_by("path").values_list("place__code", "name")),
    }
    return subject.page(request, "assessment/effect.html", context)


def _csv(request: HttpRequest, subject: _Subject) -> HttpResponse:
    place = request.GET.get("place", "")
    old = packs.pack(subject.against)
    found = queries.effect_for(request.user, subject.pack, old, subject.day, under=place)
    header = [
        _("代码"), _("社区"), _("区"), _("街道"), _("原结论"), _("新结论"), _("原等级"), _("新等级"),
        _("变化的项"),
    ]  # fmt: skip
    rows = (
        [
            one.code, one.name, one.district, one.street, Verdict(one.old).label, Verdict(one.new).label,
            one.old_level, one.new_level, "；".join(_told(move) for move in one.items),
        ]
        for one in found.moved
    )  # fmt: skip
    return csv_response(f"effect-{subject.name}-{subject.day.isoformat()}", header, rows)


def _told(move: ItemMove) -> str:
    old, new = (str(each) if each else "—" for each in (move.old, move.new))
    return f"{move.item}: {old} → {new}"


def _trial(request: HttpRequest, subject: _Subject, code: str) -> HttpResponse:
    if not code.isdigit():
        raise InvalidInputError(_("社区代码是12位数字。"), hint=_("请从清单进入。"))
    found = queries.trial_for(request.user, subject.pack, packs.pack(subject.against), code, subject.day)
    return subject.page(request, "assessment/trial.html", {"found": found})
