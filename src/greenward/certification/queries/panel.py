"""Who may be drawn to review an application, and in which order a seed puts them."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.accounts.models import User
from greenward.certification.models import Application, Opinion, Seat, Snapshot
from greenward.certification.states import Stance
from greenward.packs.schema.route import Panel
from greenward.territories.models import Appointment, PlaceVersion
from greenward.territories.queries import versions_on
from greenward.territories.roles import ROLES, Permission

REVIEWING = frozenset(role.slug for role in ROLES.values() if Permission.REVIEW in role.permissions)


@dataclass(frozen=True)
class Pot:
    """Who can be drawn, by account, and why others cannot."""

    reviewers: dict[str, User]
    left_out: dict[str, str]


@dataclass(frozen=True)
class Spread:
    """How reviewers see one item: how many for, against, unsure, and how many have said nothing yet."""

    item: str
    favour: int
    against: int
    unsure: int
    silent: int

    @property
    def told(self) -> list[tuple[StrOrPromise, int]]:
        """What was said and how often, and how many have said nothing; what nobody said is left out."""
        counts = (
            (Stance.FOR.label, self.favour),
            (Stance.AGAINST.label, self.against),
            (Stance.UNSURE.label, self.unsure),
            (_("未提出"), self.silent),
        )
        return [(said, n) for said, n in counts if n]

    @property
    def is_split(self) -> bool:
        """True where reviewers see the item differently."""
        return sum(n > 0 for n in (self.favour, self.against, self.unsure)) > 1


def in_order(seed: str, names: Sequence[str]) -> list[str]:
    """Return names in the order of SHA-256 of ``seed:name``: anybody can repeat the draw."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())


def pot_of(application: Application, place: PlaceVersion, panel: Panel, day: date) -> Pot:
    """Return who can review the application; a conflict of interest leaves a person out, and is said."""
    paths = dict(versions_on(day).filter(pk__in=_offices(day)).values_list("place_id", "path"))
    held = Appointment.objects.filter(
        role__in=REVIEWING, during__contains=day, office__place__in=paths, user__is_active=True
    ).select_related("user", "office")
    able = {one.user.username: one.user for one in held if place.path.startswith(paths[one.office.place_id])}
    conflicts = {
        "belongs": (_belonging(place), _("属于本社区或其街道")),
        "recommended": (_involved(application), _("经办过这份申报")),
        "declared": (_declared(application), _("已声明回避")),
    }
    left_out: dict[str, str] = {}
    for name in ("belongs", "recommended", "declared"):
        people, why = conflicts[name]
        # belonging and having acted are refused by the database, whatever the pack says
        if name != "declared" or name in panel.conflicts:
            left_out |= {user: why for user in able if able[user].pk in people and user not in left_out}
    return Pot({name: user for name, user in sorted(able.items()) if name not in left_out}, left_out)


def _offices(day: date) -> list[int]:
    placed = Appointment.objects.filter(role__in=REVIEWING, during__contains=day).values("office__place")
    return list(versions_on(day).filter(place__in=placed).values_list("pk", flat=True))


def _belonging(place: PlaceVersion) -> set[int]:
    """Return who has or had an office in the community or the street above it."""
    codes = place.path.rstrip("/").split("/")[-2:]
    held = Appointment.objects.filter(office__place__code__in=codes)
    return set(held.values_list("user_id", flat=True))


def _involved(application: Application) -> set[int]:
    acted = application.moves.exclude(by=None).values_list("by_id", flat=True)
    visited = application.visits.exclude(by=None).values_list("by_id", flat=True)
    return {one for one in (*acted, *visited) if one is not None}


def _declared(application: Application) -> set[int]:
    return set(application.seats.exclude(conflict="").values_list("user_id", flat=True))


def standing_opinions(seat: Seat, snapshot: Snapshot) -> dict[str, Opinion]:
    """Return a reviewer's opinions by item that still stand: the item is frozen as it was then."""
    now = {item["id"]: item for item in snapshot.content["items"]}
    newest = {one.item: one for one in seat.opinions.all()}
    return {
        item: one
        for item, one in newest.items()
        if one.snapshot_id == snapshot.pk or _frozen(one.snapshot, item) == now.get(item)
    }


def _frozen(snapshot: Snapshot, item: str) -> object:
    return next((one for one in snapshot.content["items"] if one["id"] == item), None)


def spread_of(snapshot: Snapshot, seats: Sequence[Seat]) -> list[Spread]:
    """Return how the sitting reviewers see each item of the snapshot."""
    said = Counter(
        (one.item, one.stance) for seat in seats for one in standing_opinions(seat, snapshot).values()
    )
    found = []
    for item in (one["id"] for one in snapshot.content["items"]):
        favour, against, unsure = (
            said[item, one.value] for one in (Stance.FOR, Stance.AGAINST, Stance.UNSURE)
        )
        found.append(Spread(item, favour, against, unsure, len(seats) - favour - against - unsure))
    return found


def lot(seed: str, name: str) -> int:
    """Return a name's place in a draw: the SHA-256 of ``seed:name`` as a number."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest())
