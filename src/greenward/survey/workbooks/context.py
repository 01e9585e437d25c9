"""Which community a whole sheet is about, where no column says it: labels, the sheet's name, a title."""

import re
from collections.abc import Iterator, Mapping, Sequence

from greenward.survey.answers.text import plain
from greenward.survey.workbooks.grid import Sheet
from greenward.survey.workbooks.meanings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    DISTRICT,
    IDENTIFYING,
    STREET,
)
from greenward.survey.workbooks.spelling import spelt

LABELLED = re.compile(r"^\s*([^:：]{1,12})\s*[:：]\s*(\S.*?)\s*$", re.DOTALL)
REPORTERS = frozenset({"填报单位", "填表单位", "报送单位", "上报单位", "填报街道", "单位"})
OFFICE = re.compile(r"(街道|街道办事处|镇|乡|地区|地区办事处|镇人民政府|乡人民政府|人民政府)$")
COMMITTEE = re.compile(r"(社区|居委会|居民委员会)$")
IN_TITLE = re.compile(r"([一-鿿A-Za-z0-9（）()·]{2,30}?(?:社区居委会|社区居民委员会|社区))(?!工作者)")
GENERIC = re.compile(
    r"^(sheet|表|工作表|table|csv)?\s*\d*$|^(社区|小区|楼栋|数据|汇总|总表|明细|附件|台账|底数|摸底)",
    re.IGNORECASE,
)
"""Names of sheets that name no community."""
ABOUT = {
    key: meaning for meaning, texts in IDENTIFYING.items() for key in (spelt(text).bare for text in texts)
}


def about(sheet: Sheet, top: int) -> dict[str, str]:
    """Return what the rows above ``top`` and the sheet's name say of its community: mark → text."""
    rows = [list(row) for row in sheet.head(top).iter_rows()]
    said = dict(_labelled(rows))
    if COMMUNITY_CODE in said or COMMUNITY_NAME in said:
        return said
    name = named_by_sheet(sheet.name)
    if name:
        return {**said, COMMUNITY_NAME: name}
    titles = (text for row in rows for text in row if text is not None)
    found = next((match[1] for text in titles if (match := IN_TITLE.search(plain(text)))), None)
    return {**said, COMMUNITY_NAME: found} if found else said


def named_by_sheet(name: str) -> str:
    """Return the community that a sheet is named after; empty where the name is only a name of sheets."""
    text = re.sub(r"^\s*\d{1,3}\s*[.、．\-_]\s*", "", plain(name)).strip()
    return "" if not text or GENERIC.search(text) else text


def _labelled(rows: Sequence[Sequence[str | None]]) -> Iterator[tuple[str, str]]:
    """Yield what labelled cells say, the first ones last: 社区名称：一里社区 in one cell or two."""
    for row in reversed(rows):
        cells = [text for text in row if text is not None]
        for number in range(len(cells) - 1, -1, -1):
            label, value = _apart(cells[number], cells[number + 1] if number + 1 < len(cells) else "")
            yield from _meant(label, value)


def _apart(text: str, following: str) -> tuple[str, str]:
    found = LABELLED.match(text)
    if found is not None:
        return found[1], found[2]
    return text.strip().rstrip(":："), following


def _meant(label: str, value: str) -> Iterator[tuple[str, str]]:
    key = spelt(label).bare
    value = value.strip()
    if not value or spelt(value).bare in ABOUT:
        return
    if key in REPORTERS:
        yield from _reporter(value)
    elif key in ABOUT and (ABOUT[key] in {STREET, DISTRICT, COMMUNITY_NAME} or _is_code(value)):
        yield ABOUT[key], value


def _reporter(value: str) -> Iterator[tuple[str, str]]:
    """Yield who reports: a street's office says the street, a committee the community."""
    if COMMITTEE.search(value):
        yield COMMUNITY_NAME, value
    elif OFFICE.search(value):
        yield STREET, value


def _is_code(value: str) -> bool:
    return re.fullmatch(r"\d{12}", re.sub(r"[\s'’]", "", plain(value))) is not None


def completed(where: Mapping[str, object], said: Mapping[str, str]) -> dict[str, str]:
    """Return what the sheet says where its columns do not."""
    if COMMUNITY_CODE in where or COMMUNITY_NAME in where:
        return {mark: text for mark, text in said.items() if mark in {STREET, DISTRICT} - where.keys()}
    return {mark: text for mark, text in said.items() if mark not in where}
