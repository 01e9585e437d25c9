"""Questions with their answers, and reminders: what streets and communities say to each other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.entries import Survey, moment
from greenward.config.demonstration.oddities import PINNED
from greenward.config.demonstration.people import COMMUNITY
from greenward.config.demonstration.places import Community
from greenward.config.demonstration.way import EVE, Journey
from greenward.core.bulk import copy_rows
from greenward.survey.models import Remark, Reminder
from greenward.survey.states import CaseState

QUESTIONS = (
    ("households", "演示：空置房屋要不要算进常住户数？", "演示：不算，只填实际居住的户。"),
    ("green_area_m2", "演示：屋顶绿化能不能计入绿地面积？", "演示：不计入，请在理由里说明。"),
    ("drainage_spots_total", "演示：雨后很快能退的积水算不算易涝点？", "演示：影响通行的才登记。"),
    ("street_lamps", "演示：楼门口的照明灯算公共照明吗？", "演示：算，按公共部位统计。"),
    ("cameras", "演示：物业自建的监控点要不要算？", "演示：要算，公共区域的都计入。"),
    ("noise_complaints", "演示：12345转来的和直接找居委会的都算吗？", "演示：同一件只算一次。"),
)
COMMENT = "演示：本轮已与物业核对过台账。"
REMINDED = (
    (date(2022, 8, 26), 55, "演示：8月31日截止，请尽快补齐并提交。"),
    (date(2022, 9, 7), 40, "演示：已过截止日，请本周内提交。"),
)
"""Days of reminders, in how many of a hundred streets, and the words."""
ReminderRow = tuple[int, int, date, str, int | None, datetime]
REMINDER_COLUMNS = ("round_id", "place_id", "day", "note", "by_id", "at")


def write_remarks(communities: Sequence[Community], survey: Survey) -> None:
    """Write questions about fields; most have an answer from the level above, the newest wait for it."""
    said = [(one, *thread) for one in communities for thread in _threads(one, survey)]
    made = Remark.objects.bulk_create([remark for _one, remark, _answer in said])
    Remark.objects.bulk_create(
        Remark(
            round_id=question.round_id,
            place_id=question.place_id,
            field=question.field,
            text=answer,
            question=question,
            by_id=_speakers(one, survey)[1],
            at=question.settled_at,
        )
        for (one, _question, answer), question in zip(said, made, strict=True)
        if question.settled_at is not None
    )


def _speakers(one: Community, survey: Survey) -> tuple[int, ...]:
    """Return the two lowest of those who work for the community, its street and its district."""
    found = (survey.people.get(code) for code in (one.code, one.street, one.district))
    return tuple(by for by in found if by is not None)[:2]


def _threads(one: Community, survey: Survey) -> Iterator[tuple[Remark, str]]:
    """Yield what is said at a community, each with the answer that it got, if it was settled."""
    dice = dice_of(f"question {one.code}")
    asks = chance(dice, 60 if one.street == PINNED else 4) or one.code == COMMUNITY
    if not asks or not one.story.answers or len(_speakers(one, survey)) == 1:
        return
    name, text, answer = dice.choice(QUESTIONS)
    is_open = chance(dice, 30) and one.code != COMMUNITY
    day = date(2022, 9, dice.randrange(12, 15)) if is_open else date(2022, 6, dice.randrange(13, 29))
    settled = None if is_open else moment(date(2022, 7, dice.randrange(1, 9)), 9, 40)
    by, held, at = _speakers(one, survey)[0], survey.second, moment(day, 14, dice.randrange(60))
    question = Remark(round=held, place_id=one.pk, field=name, text=text, by_id=by, at=at)
    question.is_question, question.settled_at = True, settled
    yield question, answer
    if chance(dice, 30):
        at = moment(date(2022, 8, 23), 11)
        yield Remark(round=held, place_id=one.pk, text=COMMENT, by_id=by, at=at), ""


def write_reminders(communities: Sequence[Community], journeys: Sequence[Journey], survey: Survey) -> None:
    """Write that streets reminded communities of the second round that had not submitted by then."""
    moved = {one.community.pk: one for one in journeys if one.round == survey.second}
    rows = [row for one in communities for row in _reminders(one, survey, moved)]
    rows.sort(key=_moment)
    copy_rows(Reminder, REMINDER_COLUMNS, rows)


def _moment(row: ReminderRow) -> datetime:
    return row[-1]


def _reminders(one: Community, survey: Survey, moved: Mapping[int, Journey]) -> Iterator[ReminderRow]:
    by, journey = survey.people.get(one.street), moved.get(one.pk)
    for day, percent, note in REMINDED:
        reminds = one.street == PINNED or chance(dice_of(f"reminds {one.street} {day}"), percent)
        if journey is None and reminds:
            yield survey.second.pk, one.pk, day, note, by, moment(day, 9, 30)
    if journey is not None and journey.state == CaseState.RETURNED:
        day = max(journey.moves[-1].at.date(), date(2022, 9, 13))
        if day < EVE:
            note = "演示：退回的项请尽快核实。"
            yield survey.second.pk, one.pk, EVE, note, by, moment(EVE, 9, 30)
