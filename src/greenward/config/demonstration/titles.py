"""The demonstration's notices, objections, titles and rechecks; all made up, and marked so."""

from collections.abc import Sequence
from datetime import date

from greenward.accounts.models import User
from greenward.certification.actions.notice import publish
from greenward.certification.actions.objection import handle_objection, raise_objection
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Application, Found, Notice, Recheck
from greenward.config.demonstration.days import MARK, moment_on
from greenward.config.demonstration.people import HAIDIAN
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on

CONTACT = "海淀区绿色社区创建办公室（演示），电话 010-00000000"
DOCUMENT = "演示〔2022〕1号"
FIRST, NAMED = date(2022, 2, 28), date(2022, 3, 11)
"""When the finished notice began, and when its communities were named."""
PLANNED, CHECKED, RECHECKED_BY = date(2022, 8, 31), date(2022, 9, 6), date(2022, 10, 31)
SECOND, OBJECTED, ACCEPTED = date(2022, 9, 13), date(2022, 9, 14), date(2022, 9, 14)
SEED = "20220831"
WRONG = {"found": Found.FAILS.value, "note": f"夜间仍有车辆占压消防通道{MARK}"}
SAID = (
    {
        "name": "演示居民甲",
        "contact": "010-00000000",
        "reason": f"3号楼前的消防通道夜间仍有车辆停放，与申报不符。{MARK}",
    },
    {"name": "演示居民乙", "contact": "010-00000000", "reason": f"分类驿站早晚高峰没有人值守。{MARK}"},
)


def write_first(programme: Programme, applications: Sequence[Application]) -> None:
    """Publish, name, and recheck a part of those that were named."""
    district = versions_on(FIRST).get(place__code=HAIDIAN)
    lead = User.objects.get(username="haidian")
    notice = _published(programme, district, applications, FIRST, by=lead, which="第一批")
    recognise(notice, applications=applications, document=DOCUMENT, by=lead, at=moment_on(NAMED))
    plan = plan_rechecks(
        programme=programme,
        territory=district,
        title=f"2022年复查{MARK}",
        seed=SEED,
        due_on=RECHECKED_BY,
        by=lead,
        at=moment_on(PLANNED),
    )
    _rectified(programme, plan.rechecks.order_by("pk")[0], lead)


def write_second(programme: Programme, applications: Sequence[Application]) -> None:
    """Publish; two people object, and one objection is being looked into."""
    district = versions_on(SECOND).get(place__code=HAIDIAN)
    lead, second = (User.objects.get(username=name) for name in ("haidian", "haidian-second"))
    notice = _published(programme, district, applications, SECOND, by=lead, which="第二批")
    for said, entry in zip(SAID, notice.entries.order_by("path"), strict=False):
        objection, _code = raise_objection(entry, said, by=None, at=moment_on(OBJECTED, 9))
    handle_objection(objection, "accept", by=second, at=moment_on(ACCEPTED, 15))


def _published(
    programme: Programme,
    district: PlaceVersion,
    applications: Sequence[Application],
    day: date,
    *,
    by: User,
    which: str,
) -> Notice:
    return publish(
        programme=programme,
        territory=district,
        applications=applications,
        title=f"海淀区绿色社区公示（{which}）{MARK}",
        contact=CONTACT,
        by=by,
        at=moment_on(day, 9),
    )


def _rectified(programme: Programme, recheck: Recheck, lead: User) -> None:
    """Find one item wanting on the spot, and order that it be put right."""
    items = [item.id for item in programmes.policy(programme).standard.items]
    found = {item: {"found": Found.HOLDS.value, "note": ""} for item in items} | {"8": WRONG}
    note = f"请会同物业疏通消防通道，落实日常巡查{MARK}"
    move_recheck(recheck, "rectify", note=note, findings=found, by=lead, at=moment_on(CHECKED))
