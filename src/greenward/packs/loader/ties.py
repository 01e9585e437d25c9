"""Refinements: each lies in the pack's territory, each indicator is tied to an item that counts."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Sheet, word

LENGTHS = (2, 4, 6)
"""How many digits of a code name the province, the city and the district."""


def check_ties(sheets: list[Sheet]) -> Iterator[Problem]:
    """Yield districts outside the territory, and ties to anything but an item of the standard.

    Ties to nothing at all are broken references, and are told as those.
    """
    by_name = {sheet.kind.name: sheet for sheet in sheets if not sheet.kind.folder}
    refinements = [sheet for sheet in sheets if sheet.kind.name == "refinement"]
    if "pack" in by_name:
        territory = word(by_name["pack"].data, "territory")
        yield from (fault for sheet in refinements for fault in _abroad(sheet, territory))
    if "standard" in by_name:
        items = {word(entry, "id") for _path, entry in by_name["standard"].entries("items")}
        parts = _other_numbers(by_name["standard"], refinements) - items
        yield from (fault for sheet in refinements for fault in _untied(sheet, items, parts))


def _abroad(sheet: Sheet, territory: str) -> Iterator[Problem]:
    code = word(sheet.data, "district")
    if code and not _is_district_of(code, territory):
        sentence = _("“{code}”不是本包地域 {territory} 里一个区的代码；请写区的12位代码。")
        text = sentence.format(code=code, territory=territory)
        yield sheet.problem(("district",), "broken_reference", text)


def _is_district_of(code: str, territory: str) -> bool:
    """Tell whether a code names a district, and one within the territory."""
    length = next((each for each in LENGTHS if not territory[each:].strip("0")), len(territory))
    is_district = not code[6:].strip("0") and code[4:6] != "00"
    return is_district and code != territory and code.startswith(territory[:length])


def _other_numbers(standard: Sheet, refinements: list[Sheet]) -> set[str]:
    """Return the numbers of supplements, of all indicators, and of the districts' own."""
    above = [*standard.entries("items"), *standard.entries("supplements")]
    parts = [part for path, _entry in above for _path, part in standard.entries(*path, "indicators")]
    own = [entry for sheet in refinements for _path, entry in sheet.entries("indicators")]
    beside = [entry for _path, entry in standard.entries("supplements")]
    return {word(entry, "id") for entry in (*parts, *own, *beside)}


def _untied(sheet: Sheet, items: set[str], parts: set[str]) -> Iterator[Problem]:
    for path, entry in sheet.entries("indicators"):
        tie = word(entry, "item")
        if tie in parts:
            sentence = _("区级指标只能挂在标准的一项上，“{name}”不是标准的项。{hint}")
            text = sentence.format(name=tie, hint=did_you_mean(tie, items))
            yield sheet.problem((*path, "item"), "broken_reference", text)
