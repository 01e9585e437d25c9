"""The demonstration's records of pilots in two districts: wishes, support, lessons; all made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from greenward.certification.models import Pilot
from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.people import HAIDIAN, PINGGU
from greenward.config.demonstration.story import AS_OF
from greenward.pilots import actions
from greenward.pilots.actions import Told
from greenward.pilots.states import Age, SupportKind, WishKind
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities

MARK = "（演示数据）"
DISTRICTS = (HAIDIAN, PINGGU)
VISITS = (
    (date(2021, 11, 25), SupportKind.VISIT, "到点指导，逐条对照标准核对短板"),
    (date(2022, 3, 18), SupportKind.TRAINING, "组织试点社区工作者和物业人员培训"),
    (date(2022, 6, 22), SupportKind.WORKS, "协调落实无障碍设施和雨水花园项目"),
)
LESSONS = (
    Told(
        title="错时共享缓解停车难",
        problem="老旧小区车位不足，夜间占压消防通道",
        practice="居民议事会商定规则，与周边单位签订错时停车协议，物业设专人引导",
        effect="消防通道占压基本消除，邻里投诉减少",
        before=Decimal(12),
        after=Decimal(1),
        unit="处/周",
        applies="周边800米内有夜间空置的单位车位",
        item="8",
        age=Age.OLD.value,
    ),
    Told(
        title="把议事会开到楼门口",
        problem="改造方案居民知晓率低，意见集中在施工后",
        practice="每个楼门推选一名代表，方案公示前在楼门口开三次短会，线上同步征求意见",
        effect="改造后返工减少，居民参加议事的次数增加",
        applies="楼门多、租户比例不高的小区",
        item="2",
    ),
    Told(
        title="培训记录随工作留存",
        problem="培训做了，年底补材料负担重",
        practice="每次培训当场拍签到和课件，归入社区材料，评定时直接使用",
        effect="不再集中补材料",
        applies="各类社区",
        item="15",
    ),
)


def write(programme: Programme) -> None:
    """Write the records of two districts' communities through the actions, in the system's name."""
    for district in DISTRICTS:
        places = list(urban_communities(AS_OF).filter(path__contains=f"/{district}/").order_by("path"))
        pilots = set(
            Pilot.objects.filter(programme=programme, place__in=[p.place_id for p in places]).values_list(
                "place_id", flat=True
            )
        )
        chosen = [place for place in places if place.place_id in pilots]
        _wishes(programme, places, pilots)
        _support(programme, chosen)
        for place, told in zip(chosen, LESSONS, strict=False):
            actions.tell_lesson(
                place,
                replace(told, effect=f"{told.effect}{MARK}"),
                programme=programme,
                by=None,
                at=_noon(date(2022, 5, 20)),
            )


def _wishes(programme: Programme, places: Sequence[PlaceVersion], pilots: set[int]) -> None:
    """Let nine pilots of ten have minutes with numbers, and one in eight of the others signatures."""
    for place in places:
        dice = dice_of(f"wish {place.place.code}")
        is_pilot = place.place_id in pilots
        if not chance(dice, 90 if is_pilot else 12):
            continue
        asked = dice.randrange(60, 200)
        knows = chance(dice, 85)
        day = date(2021, 10, 25) + timedelta(days=dice.randrange(12 if is_pilot else 250))
        actions.record_wish(
            place,
            programme=programme,
            kind=WishKind.MEETING if is_pilot else WishKind.SIGNATURES,
            held_on=day,
            asked=asked if knows else None,
            agreed=int(asked * dice.uniform(0.55, 0.98)) if knows else None,
            note=MARK,
            by=None,
            at=_noon(day),
        )


def _support(programme: Programme, pilots: Sequence[PlaceVersion]) -> None:
    for place in pilots:
        dice = dice_of(f"support {place.place.code}")
        for day, kind, text in VISITS[: dice.randrange(4)]:
            actions.support(
                place,
                programme=programme,
                kind=kind,
                given_on=day,
                text=f"{text}{MARK}",
                by=None,
                at=_noon(day),
            )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
