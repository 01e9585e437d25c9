"""The demonstration's judgings in one street: opinions awaited, opinions apart, one decided; all made up."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from greenward.accounts.models import User
from greenward.assessment import actions
from greenward.assessment.actions import Answer
from greenward.assessment.models import Judging
from greenward.config.demonstration.entries import moment
from greenward.config.demonstration.people import COMMUNITY, STREET
from greenward.config.demonstration.story import AS_OF
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities, versions_on

MARK = "（演示数据）"
ROW = "B2.2"
"""Care of planted areas: reported only, so no figure of the city moves."""
ASKED_ON, DUE_ON, DECIDED_ON = date(2022, 9, 5), date(2022, 9, 20), date(2022, 9, 13)
NEEDED = 2


@dataclass(frozen=True)
class Said:
    """What a reviewer says on a day."""

    who: str
    on: date
    answer: Answer


APART = (
    Said("reviewer", date(2022, 9, 7), Answer("中心绿地长势好，角落有一处裸土", points=Decimal(-1))),
    Said("reviewer-b", date(2022, 9, 9), Answer("三处裸土未补种，枯枝堆放在楼后", points=Decimal(-4))),
)
NEAR = (
    Said("reviewer", date(2022, 9, 8), Answer("养护人公示齐全，个别乔木有枯枝", points=Decimal(-1))),
    Said("reviewer-b", date(2022, 9, 9), Answer("枯枝和一处裸土待处理，其余整洁", points=Decimal(-2))),
)
WORD = Answer(f"两位评议员所见一致，枯枝未清，按较低的一份扣分{MARK}", points=Decimal(-2))


def write(programme: Programme) -> list[int]:
    """Ask at three communities of a street through the actions; return the communities that are decided."""
    lead = User.objects.get(username="haidian")
    street = versions_on(AS_OF).get(place__code=STREET)
    found = urban_communities(AS_OF, under=street.path).select_related("place").order_by("path")
    decided, others = found.get(place__code=COMMUNITY), list(found.exclude(place__code=COMMUNITY)[:2])
    made = actions.ask(
        ROW,
        [decided, *others],
        pack=programme.pack,
        under=street,
        due_on=DUE_ON,
        needed=NEEDED,
        note=f"请到现场看中心绿地和楼间绿地{MARK}",
        by=lead,
        at=moment(ASKED_ON, 10),
    )
    judgings = {one.place_id: one for one in made}
    _say(judgings[others[0].place_id], others[0], APART)
    judging = judgings[decided.place_id]
    _say(judging, decided, NEAR)
    judging.refresh_from_db()
    actions.decide(
        judging,
        decided,
        WORD,
        seen=judging.version,
        observed_on=NEAR[-1].on,
        by=lead,
        at=moment(DECIDED_ON, 15),
    )
    return [decided.place_id]


def _say(judging: Judging, place: PlaceVersion, said: tuple[Said, ...]) -> None:
    for one in said:
        answer = replace(one.answer, reason=f"{one.answer.reason}{MARK}")
        by = User.objects.get(username=one.who)
        actions.opine(judging, place, answer, seen=0, by=by, at=moment(one.on, 11))
