"""Reading titles: the public register, one title's history, who holds what, and what may be checked."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from greenward.certification.models import Happening, Recheck, Title, TitleEvent, TitleHolding
from greenward.certification.records import Signed, is_token, read
from greenward.certification.states import OPEN_RECHECKS
from greenward.core.errors import NotFoundError
from greenward.core.months import after_months
from greenward.core.signing import published_keys
from greenward.packs.schema.route import Route
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import versions_on

RECOGNISED = "recognised"


@dataclass(frozen=True)
class Wanted:
    """What the register is asked for: district (code), held or all, year (0: any), text of name or number."""

    district: str = ""
    held: bool = True
    year: int = 0
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A title in the register: who holds it on the day, where; ``ended`` says how it ended, empty if held.

    After a split several hold it: ``name`` names them all, the rest is of the first.
    """

    title: Title
    name: str
    street: str
    district: str
    code: str
    ended: str

    @property
    def is_held(self) -> bool:
        """Tell whether somebody holds it."""
        return not self.ended


def register(wanted: Wanted, on: date) -> QuerySet[Title]:
    """Return the titles given by a day, the newest first; public."""
    rows = Title.objects.filter(given_on__lte=on).order_by("-given_on", "number")
    if wanted.held:
        rows = rows.filter(pk__in=TitleHolding.objects.filter(during__contains=on).values("title"))
    if wanted.district:
        rows = rows.filter(district=wanted.district[:6])
    if wanted.year:
        rows = rows.filter(year=wanted.year)
    if wanted.text:
        found = rows.filter(number__icontains=wanted.text) | rows.filter(
            record__community__icontains=wanted.text
        )
        return found.select_related("final_list")
    return rows.select_related("final_list")


def lines_of(titles: Collection[Title], on: date) -> list[Line]:
    """Return register lines with the day's names, of the last holder where none holds it. Four queries."""
    holdings = TitleHolding.objects.filter(title__in=[one.pk for one in titles])
    of_title: dict[int, list[TitleHolding]] = defaultdict(list)
    for one in holdings.order_by("during", "place__code").select_related("place"):
        of_title[one.title_id].append(one)
    now = {key: [one for one in ones if _contains(one, on)] for key, ones in of_title.items()}
    shown = {key: now[key] or ones[-1:] for key, ones in of_title.items()}
    named = _named([one.place_id for ones in shown.values() for one in ones], on)
    return [_line(one, shown[one.pk], named, held=bool(now[one.pk])) for one in titles]


def _line(
    title: Title, holdings: Sequence[TitleHolding], named: dict[int, tuple[str, str, str]], *, held: bool
) -> Line:
    record, holding = title.record, holdings[0]
    recorded = (record["community"], record["street"], record["district"])
    _name, street, district = named.get(holding.place_id, recorded)
    name = "、".join(named.get(one.place_id, recorded)[0] for one in holdings)
    ended = "" if held else str(Happening(holding.ended_by or Happening.LAPSED).label)
    return Line(title, name, street, district, holding.place.code, ended)


def _contains(holding: TitleHolding, on: date) -> bool:
    upper = holding.during.upper
    return bool(holding.during.lower <= on and (upper is None or on < upper))


def _named(places: Collection[int], on: date) -> dict[int, tuple[str, str, str]]:
    """Return name, street and district of the places that stand on the day."""
    versions = list(versions_on(on).filter(place__in=list(places)))
    above = {code for version in versions for code in version.path.split("/")[1:-2]}
    names = dict(versions_on(on).filter(place__code__in=above).values_list("place__code", "name"))

    def placed(version: PlaceVersion) -> tuple[str, str, str]:
        codes = version.path.split("/")
        return version.name, names.get(codes[-3], ""), names.get(codes[1], "")

    return {version.place_id: placed(version) for version in versions}


def get_title(number: str) -> Title:
    """Return a title by its number; NotFoundError for none. Public."""
    one = Title.objects.filter(number=number).select_related("final_list__notice", "place").first()
    if one is None:
        raise NotFoundError(_("没有编号为 %(number)s 的称号。") % {"number": number}, hint=_("请核对编号。"))
    return one


def title_with_code(code: str) -> Title:
    """Return a title by its check code; NotFoundError for none. Public."""
    one = Title.objects.filter(code=code.upper()).select_related("final_list__notice", "place").first()
    if one is None:
        raise NotFoundError(_("没有这个查验码的称号。"), hint=_("请核对证书上的12位查验码。"))
    return one


def history_of_title(title: Title) -> list[TitleEvent]:
    """Return everything that happened to a title, the oldest first; public, without who did it."""
    return list(title.history.select_related("place"))


def titles_of(place: Place) -> list[Title]:
    """Return the titles that a community holds or held, the newest first."""
    rows = Title.objects.filter(pk__in=place.title_holdings.values("title"))
    return list(rows.select_related("final_list").order_by("-given_on"))


def signed(title: Title) -> Signed:
    """Return a title's signed record."""
    return Signed(title.record, title.signature)


@dataclass(frozen=True)
class Checked:
    """What a check finds: the record, whether a published key signed it, and how the title stands here.

    ``line`` is None where this register does not know the title.
    """

    signed: Signed
    holds: bool
    line: Line | None

    @property
    def is_good(self) -> bool:
        """Tell whether the certificate is genuine and the title still held."""
        return self.holds and self.line is not None and self.line.is_held


def check(text: str, on: date) -> Checked:
    """Check a certificate by short code, number, or the record in its square code; NotFoundError if none."""
    asked = text.strip()
    if is_token(asked):
        found = read(asked.encode())
        title = Title.objects.filter(number=str(found.record.get("number", ""))).first()
        same = title is not None and title.record == dict(found.record)
        line = lines_of([title], on)[0] if title is not None and same else None
        return Checked(found, found.holds(published_keys()), line)
    code = asked.upper().replace("-", "").replace(" ", "")
    title = Title.objects.filter(code=code).first() or Title.objects.filter(number=asked).first()
    if title is None:
        raise NotFoundError(
            _("没有这个查验码或编号的证书。"), hint=_("请核对证书上的12位查验码；查不到的，不是这里发的。")
        )
    found = signed(title)
    return Checked(found, found.holds(published_keys()), lines_of([title], on)[0])


def held_by_district(on: date) -> dict[str, int]:
    """Return how many titles are held on a day, by the first six digits of the district that gave them."""
    held = TitleHolding.objects.filter(during__contains=on)
    rows = held.values_list("title__district").annotate(number=Count("title", distinct=True))
    return dict(rows)


def recognised_by_place(on: date, *, under: str = "") -> Counter[str]:
    """Return how many communities below ``under`` hold a title on a day, by code of every place above them.

    A community counts once, however many titles it holds. One query.
    """
    holding = TitleHolding.objects.filter(
        during__contains=on,
        place__versions__during__contains=on,
        place__versions__path__startswith=under,
    )
    paths = set(holding.values_list("place__versions__path", flat=True))
    return Counter(code for path in paths for code in path.rstrip("/").split("/"))


def years_of(on: date) -> list[int]:
    """Return the years in which titles were given by a day, the newest first."""
    rows = Title.objects.filter(given_on__lte=on).values_list("year", flat=True)
    return sorted(set(rows.distinct().order_by()), reverse=True)


def holders_on(programme: Programme, on: date) -> set[int]:
    """Return the communities (ids) that hold a title of the programme on a day."""
    rows = TitleHolding.objects.filter(title__programme=programme, during__contains=on)
    return set(rows.values_list("place_id", flat=True))


def titles_since(key: str, on: date, *, place: int | None = None) -> dict[int, date]:
    """Return who holds a title on a day (ids), and since when; ``key`` as StandingFacts explains.

    Any programme's titles count, for an earlier one may be asked for. KeyError for another key.
    """
    name, _slash, level = key.partition("/")
    if name != RECOGNISED:
        raise KeyError(key)
    rows = TitleHolding.objects.filter(during__contains=on).order_by("-during")
    if place is not None:
        rows = rows.filter(place=place)
    if level:
        rows = rows.filter(title__record__level=level)
    return {one.place_id: one.during.lower for one in rows}


def barred_until(programme: Programme, place: Place, route: Route, on: date) -> date | None:
    """Return from which day a community whose title was revoked may apply again; None where it may now."""
    gone = TitleHolding.objects.filter(
        title__programme=programme, place=place, ended_by=Happening.REVOKED
    ).order_by("-during")
    last = gone.first()
    if last is None or route.recheck is None or last.during.upper is None:
        return None
    free = after_months(last.during.upper, route.recheck.reapply_after_months)
    return free if on < free else None


def open_rechecks_of(titles: Collection[int]) -> QuerySet[Recheck]:
    """Return the open rechecks of titles (ids)."""
    return Recheck.objects.filter(title__in=list(titles), state__in=OPEN_RECHECKS)
