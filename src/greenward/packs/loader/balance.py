"""Sums and orders: what is declared against what is there."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from greenward.packs.loader.inconsistencies import check_source
from greenward.packs.loader.problems import Problem
from greenward.packs.loader.sheets import Sheet, word


def check_balance(sheets: list[Sheet]) -> Iterator[Problem]:
    """Yield sums that do not balance and dates out of order."""
    by_name = {sheet.kind.name: sheet for sheet in sheets if not sheet.kind.folder}
    if "standard" in by_name:
        yield from _counts(by_name["standard"])
        yield from check_source(by_name["standard"])
    if {"departments", "responsibilities"} <= by_name.keys():
        yield from _signers(by_name["departments"], by_name["responsibilities"], by_name.get("pack"))
    if {"standard", "responsibilities"} <= by_name.keys():
        yield from _areas_without_departments(by_name["standard"], by_name["responsibilities"])
    if "phases" in by_name:
        yield from _phases(by_name["phases"])
    if "targets" in by_name:
        yield from _targets(by_name["targets"])


def _counts(sheet: Sheet) -> Iterator[Problem]:
    items = [word(item, "area") for _path, item in sheet.entries("items")]
    areas = list(sheet.entries("areas"))
    expected = sheet.data.get("expected") if isinstance(sheet.data, dict) else None
    if isinstance(expected, dict):
        for key, actual in (("areas", len(areas)), ("items", len(items))):
            if isinstance(expected.get(key), int) and expected[key] != actual:
                yield _unbalanced(sheet, ("expected", key), expected[key], actual)
    per_area = Counter(items)
    for path, area in areas:
        declared, actual = area.get("items"), per_area[word(area, "id")]
        if isinstance(declared, int) and declared != actual:
            yield _unbalanced(sheet, (*path, "items"), declared, actual)


def _unbalanced(sheet: Sheet, path: tuple[str | int, ...], declared: object, actual: int) -> Problem:
    sentence = _("写的是{declared}，实际有{actual}；请改数字或补删条目。").format(
        declared=declared, actual=actual
    )
    return sheet.problem(path, "unbalanced_sum", sentence)


def _signers(departments: Sheet, responsibilities: Sheet, pack: Sheet | None) -> Iterator[Problem]:
    routed: set[str] = set()
    for _path, entry in responsibilities.entries():
        listed = entry.get("departments")
        routed.update(str(slug) for slug in (listed if isinstance(listed, list) else ()))
    signers = [(path, entry) for path, entry in departments.entries() if entry.get("signer", True) is True]
    for path, entry in signers:
        if word(entry, "slug") not in routed:
            sentence = _(
                "“{slug}”签发了文件，却不负责任何领域；请补到 responsibilities.yaml，或写 signer: false。"
            )
            yield departments.problem(path, "unbalanced_sum", sentence.format(slug=word(entry, "slug")))
    if pack is not None:
        for path, document in pack.entries("documents"):
            declared = document.get("signers")
            if isinstance(declared, int) and declared != len(signers):
                yield _unbalanced(pack, (*path, "signers"), declared, len(signers))
    leads = [path for path, entry in departments.entries() if entry.get("lead") is True]
    for path in leads[1:]:
        yield departments.problem((*path, "lead"), "disagreement", _("牵头部门只能有一个。"))


def _areas_without_departments(standard: Sheet, responsibilities: Sheet) -> Iterator[Problem]:
    routed = {word(entry, "area") for _path, entry in responsibilities.entries()}
    for path, area in standard.entries("areas"):
        if word(area, "id") not in routed:
            sentence = _("领域“{area}”没有负责部门；请补到 responsibilities.yaml。").format(
                area=word(area, "id")
            )
            yield standard.problem(path, "unbalanced_sum", sentence)


def _phases(sheet: Sheet) -> Iterator[Problem]:
    previous = ""
    for path, phase in sheet.entries():
        first, last = word(phase, "first_month"), word(phase, "last_month")
        if first > last > "":
            sentence = _("阶段的最后月份 {last} 早于开始月份 {first}。").format(first=first, last=last)
            yield sheet.problem((*path, "last_month"), "dates_out_of_order", sentence)
        if "" < first <= previous:
            sentence = _("阶段从 {first} 开始，而上一阶段到 {last} 才结束。").format(
                first=first, last=previous
            )
            yield sheet.problem((*path, "first_month"), "dates_out_of_order", sentence)
        previous = max(previous, last)


def _targets(sheet: Sheet) -> Iterator[Problem]:
    highest: dict[str, tuple[str, float]] = {}
    in_order = sorted(sheet.entries(), key=lambda pair: word(pair[1], "due"))
    for path, target in in_order:
        due, frozen, level = word(target, "due"), word(target, "denominator_on"), word(target, "level")
        if frozen > due > "":
            sentence = _("分母日期 {frozen} 晚于期限 {due}。").format(frozen=frozen, due=due)
            yield sheet.problem((*path, "denominator_on"), "dates_out_of_order", sentence)
        share = target.get("share")
        if isinstance(share, int | float):
            before, reached = highest.get(level, ("", 0.0))
            if share < reached:
                sentence = _("期限 {due} 的目标 {share} 低于 {before} 的 {reached}。").format(
                    due=due, share=share, before=before, reached=reached
                )
                yield sheet.problem((*path, "share"), "dates_out_of_order", sentence)
            highest[level] = (due, max(share, reached))
