"""A department's data of older residents: for some communities it says something else than they do."""

from collections.abc import Sequence
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from greenward.accounts.models import User
from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.entries import Said, Survey, moment
from greenward.config.demonstration.oddities import KEPT, PINNED
from greenward.config.demonstration.people import CITY
from greenward.config.demonstration.places import Community
from greenward.survey.feeds.delivery import Delivery, FeedRow, Outcome
from greenward.survey.models import Feed
from greenward.survey.states import Way
from greenward.territories.models import Office

DATASET = "演示：高龄津贴和老年人口台账"
OBSERVED_ON, SENT_ON, SETTLED_ON = date(2022, 6, 30), date(2022, 7, 12), date(2022, 7, 20)
FIELD = "population_60"
REASON = "演示：台账按户籍统计，本表按常住人口统计，两数口径不同。"


def take(communities: Sequence[Community], survey: Survey) -> list[Said]:
    """Write the feed as it came, and return its entries and the reasons that communities gave since."""
    sender = User.objects.get(username="city-civil")
    office = Office.objects.get(place__code=CITY, department="civil-affairs")
    rows = {one.pk: (one, _counted(one)) for one in communities if _is_in_it(one)}
    news = {pk: number for pk, (one, number) in rows.items() if number != one.story.good[FIELD]}
    delivery = Delivery(
        DATASET, OBSERVED_ON, [FeedRow({FIELD: number}, code=one.code) for one, number in rows.values()]
    )
    feed = Feed.objects.create(
        round=survey.second,
        office=office,
        form=delivery.form,
        dataset=DATASET,
        observed_on=OBSERVED_ON,
        request=uuid5(NAMESPACE_URL, DATASET),
        digest=delivery.digest(),
        report=Outcome(len(rows), written=len(news), unchanged=len(rows) - len(news)).report(),
        by=sender,
        at=moment(SENT_ON, 11),
    )
    said = [
        Said(
            feed.at, pk, pk, {FIELD: number}, feed.round_id, way=Way.FEED,
            origin=f"{office.name}：{DATASET}", observed_on=OBSERVED_ON, by=sender.pk,
        )
        for pk, number in news.items()
    ]  # fmt: skip
    return said + [_reason(rows[pk][0], survey) for pk in news if _says_why(rows[pk][0])]


def _says_why(one: Community) -> bool:
    return chance(dice_of(f"says why {one.code}"), 25)


def _reason(one: Community, survey: Survey) -> Said:
    return Said(
        moment(SETTLED_ON, 15), one.pk, one.pk, {}, survey.second.pk,
        reasons={f"disagreement:{FIELD}": REASON}, by=survey.people.get(one.code),
    )  # fmt: skip


def _is_in_it(one: Community) -> bool:
    """Tell whether the ledger has the community; only those that had their say in the round before it."""
    often = 30 if one.street == PINNED else 2.2
    counted = chance(dice_of(f"ledger {one.code}"), often)
    return counted and one.is_plain and one.code not in KEPT and one.story.resurveyed_on is not None


def _counted(one: Community) -> int:
    dice = dice_of(f"counted {one.code}")
    number = int(str(one.story.good[FIELD]))
    return round(number * dice.choice((0.93, 0.95, 1.06, 1.09, 1.12))) if chance(dice, 65) else number
