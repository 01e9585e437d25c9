"""Hold every file against its shape; each misfit becomes a fault with its place."""

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from greenward.packs.loader.marks import Gathering
from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Sheet
from greenward.packs.schema.shape import Shape


def fit(sheet: Sheet, gathering: Gathering) -> tuple[Any, list[Problem]]:
    """Return a file as its shape (a tuple of shapes for a list), or every misfit."""
    try:
        return TypeAdapter(sheet.kind.hint).validate_json(json.dumps(sheet.data)), []
    except ValidationError as error:
        return None, _faults(sheet, gathering, error.errors(include_url=False))


def _faults(sheet: Sheet, gathering: Gathering, errors: list[ErrorDetails]) -> list[Problem]:
    faults: dict[tuple[Path, str], Problem] = {}
    for error in errors:
        path = _path(sheet.data, error["loc"])
        fault = _fault(sheet, gathering, path, error)
        key = path if error["type"] in ("missing", "extra_forbidden") else _existing(sheet.data, path)
        faults.setdefault((key, fault.code), fault)
    return list(faults.values())


def _path(data: object, loc: tuple[int | str, ...]) -> Path:
    """Drop what pydantic adds for the arms of unions, and what follows a scalar."""
    path: list[int | str] = []
    for step in loc:
        if isinstance(step, str) and step.startswith("<"):
            continue
        if not isinstance(data, dict | list):
            break
        path.append(step)
        data = _child(data, step)
    return tuple(path)


def _child(data: object, step: int | str) -> object:
    if isinstance(data, dict):
        return data.get(step)
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None


def _existing(data: object, path: Path) -> Path:
    for length, step in enumerate(path):
        if not isinstance(data, dict | list):
            return path[:length]
        data = _child(data, step)
    return path


def _fault(sheet: Sheet, gathering: Gathering, path: Path, error: ErrorDetails) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        shape = gathering.shapes.get((sheet.file, path[:-1]), Shape)
        sentence = _("没有“{key}”这个键。{hint}").format(
            key=path[-1], hint=did_you_mean(str(path[-1]), shape.model_fields)
        )
        return sheet.problem(path, "unknown_key", sentence, at_key=True)
    if kind == "missing":
        return sheet.problem(path[:-1], "missing_key", _("缺少键“{key}”；请补上。").format(key=path[-1]))
    if kind == "literal_error":
        return sheet.problem(path, "wrong_value", _literal(error))
    if kind in DISAGREEMENTS:
        return sheet.problem(path, "disagreement", DISAGREEMENTS[kind]())
    if kind in LIMITS:
        value = next(iter(context.values()), "")
        return sheet.problem(path, "wrong_value", LIMITS[kind]().format(limit=value))
    wanted = WANTED.get(kind, WANTED["other"])()
    sentence = _("这里应是{wanted}，不是 {got}。").format(wanted=wanted, got=_got(error["input"]))
    return sheet.problem(path, "wrong_type", sentence)


def _literal(error: ErrorDetails) -> str:
    allowed = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(str(error["input"]), allowed)
    return _("不能是 {got}。{hint}").format(got=_got(error["input"]), hint=hint)


def _got(value: object) -> str:
    if isinstance(value, list):
        return _("列表")
    if isinstance(value, dict):
        return _("映射")
    return json.dumps(value, ensure_ascii=False)[:80]


def _wanted_date() -> str:
    return _("日期，如 2021-12-31")


def _wanted_number() -> str:
    return _("数字")


def _wanted_integer() -> str:
    return _("整数")


def _wanted_mapping() -> str:
    return _("由键和值组成的映射")


WANTED: dict[str, Callable[[], str]] = {
    "string_type": lambda: _('文字（编号请加引号，如 "2.1"）'),
    "int_type": _wanted_integer,
    "int_from_float": _wanted_integer,
    "bool_type": lambda: _("true 或 false"),
    "decimal_type": _wanted_number,
    "decimal_parsing": _wanted_number,
    "date_type": _wanted_date,
    "date_parsing": _wanted_date,
    "date_from_datetime_parsing": _wanted_date,
    "date_from_datetime_inexact": _wanted_date,
    "tuple_type": lambda: _("列表"),
    "model_type": _wanted_mapping,
    "model_attributes_type": _wanted_mapping,
    "dict_type": _wanted_mapping,
    "other": lambda: _("另一种值"),
}
"""What each type error of pydantic would have liked."""

LIMITS: dict[str, Callable[[], str]] = {
    "string_pattern_mismatch": lambda: _("写法不对：应符合 {limit}。"),
    "string_too_short": lambda: _("不能为空。"),
    "string_too_long": lambda: _("过长：最多{limit}个字符。"),
    "too_short": lambda: _("至少要有一项。"),
    "greater_than": lambda: _("应大于 {limit}。"),
    "greater_than_equal": lambda: _("不能小于 {limit}。"),
    "decimal_max_places": lambda: _("小数最多{limit}位。"),
    "less_than_equal": lambda: _("不能大于 {limit}。"),
}
"""What each limit of pydantic asks; `limit` is the first value of the error's context."""

DISAGREEMENTS: dict[str, Callable[[], str]] = {
    "share_and_measure": lambda: _("measure 为 meeting 时要有 share，其他情况不能有。"),
    "count_and_measure": lambda: _("measure 为 pilots 时要有 count_min，其他情况不能有。"),
    "count_order": lambda: _("count_max 不能小于 count_min。"),
    "derived_from_and_reading": lambda: _("reading 为 derived 时要有 derived_from，其他情况不能有。"),
    "one_schedule": lambda: _("every、yearly、once 三者必须且只能写一个。"),
    "days_after_and_every": lambda: _("写 every 时要有 days_after，其他情况不能有。"),
    "above_or_below": lambda: _("above 和 below 只能写一个。"),
    "ends_out_of_order": lambda: _("least 要小于 most。"),
    "among_and_mean": lambda: _("among 只用于 gives 为 peer_mean 时。"),
    "points_or_deducts": lambda: _("points 和 deducts 只能写一个。"),
    "score_and_points": lambda: _("score 要和 points 或 deducts 一起写；guidance（仅供参考）不计分。"),
    "not_applicable_and_applies": lambda: _("not_applicable 要和 applies 一起写。"),
    "nothing_to_judge": lambda: _("没有可判定的内容：请写 rule、score、barred_if 或 indicators。"),
    "score_and_indicators": lambda: _("已分成指标的项不再自己计分：score、deducts 请写到指标里。"),
    "one_size": lambda: _("count 和 share 必须且只能写一个。"),
    "passes_and_level": lambda: _("requires 为 level 时要有 passes，其他情况不能有。"),
    "clause_or_own_rule": lambda: _("没有条款依据的，要写 own_rule: true。"),
    "areas_or_items": lambda: _("要写 areas 或 items，说明会签哪些项。"),
    "steps_descend": lambda: _("步骤只能从下往上，后一步的层级不能低于前一步。"),
    "numbering": lambda: _("编号里要有且只有 {year}、{district}、{number}。"),
    "hearing_and_days": lambda: _("hearing 为 true 时要有 hearing_working_days，其他情况不能有。"),
    "no_such_day": lambda: _("这个月没有这一天。"),
}
"""What each validator of the shapes found, by its code."""
