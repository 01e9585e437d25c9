"""Evidence that some communities of the demonstration have: sheets and drawn pictures, each marked as such.

The street with an account of its own and some communities far away have some; one picture is used again,
cut, by a neighbour, so that reviewers have a question. Nothing here touches what the standard's rules ask.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

from greenward.accounts.models import User
from greenward.config.demonstration.chance import dice_of
from greenward.config.demonstration.entries import Survey, moment
from greenward.config.demonstration.oddities import PINNED
from greenward.config.demonstration.places import Community
from greenward.core.fonts import font_files
from greenward.core.pdf import pdf
from greenward.evidence.actions import file_evidence, file_record, keep_file
from greenward.survey.actions.attachments import WORK
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import versions_on

MARK = "演示材料，不是真实记录"
SHEETS = (
    ("13", "社区宣传教育制度", ("每季度安排一次宣传教育。", "由社区工作者负责，年底总结。")),
    ("16", "居民绿色生活公约", ("垃圾分类，节水节电。", "绿色出行，爱护公物。")),
)
"""Item of the standard, title, and lines of the sheets that a community has."""
BOARD, OLDEST = "14", date(2021, 12, 10)
"""The item that the picture of a notice board is filed for, and the day of the oldest sheets."""
HELD, SIZE = 6, (960, 720)
TONES = ((30, 123, 79), (96, 96, 96), (180, 67, 46), (60, 90, 150), (210, 180, 90))


@dataclass(frozen=True)
class Holder:
    """A community that has evidence, and who hands it in."""

    community: Community
    place: PlaceVersion
    by: User


def write(communities: Sequence[Community], survey: Survey) -> None:
    """File everything, through the actions that people use."""
    pictures = []
    for holder in _holders(communities, survey):
        _file_sheets(holder)
        pictures.append(_file_board(holder))
        _note_record(holder)
        last = holder
    with Image.open(io.BytesIO(pictures[0])) as first:
        cut = first.crop((60, 40, SIZE[0] - 90, SIZE[1] - 60))
    _file(last, "演示-宣传栏-另拍.jpg", _jpeg(cut), item=BOARD, on=date(2022, 7, 6))


def sheet(title: str, number: str, lines: Sequence[str]) -> bytes:
    """Return a marked page as PDF."""
    data = {"title": title, "mark": MARK, "number": number, "lines": lines}
    return pdf(Path(__file__).parent / "material.typ", data)


def _holders(communities: Sequence[Community], survey: Survey) -> Iterator[Holder]:
    """Give some communities of the pinned street, those that somebody works for."""
    found = [one for one in communities if one.street == PINNED and one.code in survey.people][:HELD]
    versions = {
        one.place_id: one for one in versions_on(date(2022, 6, 30)).filter(place__in=[c.pk for c in found])
    }
    people = User.objects.in_bulk([survey.people[one.code] for one in found])
    for one in found:
        yield Holder(one, versions[one.pk], people[survey.people[one.code]])


def _file_sheets(holder: Holder) -> None:
    for item, title, lines in SHEETS:
        number = f"演示〔{holder.community.code[-3:]}〕{item}号"
        named = (holder.community.name, *lines)
        content = sheet(title, number, named)
        on = OLDEST if item == SHEETS[0][0] else date(2022, 5, 16)
        _file(holder, f"演示-{title}.pdf", content, item=item, on=on)


def _file_board(holder: Holder) -> bytes:
    content = _jpeg(_board(holder.community))
    _file(holder, "演示-宣传栏.jpg", content, item=BOARD, on=date(2022, 6, 20))
    return content


def _file(holder: Holder, name: str, content: bytes, *, item: str, on: date) -> None:
    at = _at(on)
    kept = keep_file(name, content, by=holder.by, at=at)
    file_evidence(kept.digest, holder.place, by=holder.by, at=at, item=item, observed_on=on, note=MARK)


def _note_record(holder: Holder) -> None:
    """Keep a sheet that came with the survey's answers: it is offered before anybody hands in more."""
    day = date(2022, 6, 27)
    lines = (holder.community.name, "随摸底答案附上。")
    content = sheet("培训签到表（空白样张）", "演示", lines)
    kept = keep_file("演示-培训记录.pdf", content, by=holder.by, at=_at(day))
    place = Place.objects.get(pk=holder.community.pk)
    file_record(
        kept.digest, place, by=holder.by, at=_at(day), source=WORK, note="培训记录（演示）", observed_on=day
    )


def _at(day: date) -> datetime:
    return moment(day, 15, 20)


def _board(community: Community) -> Image.Image:
    """Draw a notice board: frames, lines of text and blocks that fall differently for each community."""
    dice = dice_of(f"board {community.code}")
    picture = Image.new("RGB", SIZE, (dice.randrange(190, 235),) * 3)
    draw, face = ImageDraw.Draw(picture), str(font_files()[0])
    for _ in range(70):
        _block(draw, dice)
    draw.rectangle((120, 130, 840, 600), fill=(246, 244, 236), outline=TONES[0], width=12)
    draw.text((150, 150), f"{community.name} 宣传栏", TONES[2], ImageFont.truetype(face, 40))
    for row in range(7):
        text = "".join(dice.choices("节约用水垃圾分类绿色出行爱护花木文明养犬有序停车", k=22))
        draw.text((150, 230 + 46 * row), text, (50, 50, 50), ImageFont.truetype(face, 30))
    draw.text((20, SIZE[1] - 60), MARK, TONES[2], ImageFont.truetype(face, 34))
    return picture


def _block(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
    corners = (x, y, x + dice.randrange(8, 90), y + dice.randrange(8, 70))
    draw.rectangle(corners, fill=dice.choice(TONES), outline=(240,) * 3)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
