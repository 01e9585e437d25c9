"""The dictionary: forms ask its fields, and every question that leads nowhere is told with its place."""

from pathlib import Path

import pytest

from greenward.packs.loader.loading import check, content, from_content, load
from greenward.packs.schema.forms import Field
from tests.factories.packs import small_pack, spoil

Fault = tuple[str, str, str, str]
COMMUNITY, TREE = "fields/community.yaml", "fields/tree.yaml"
FORM, TREES = "forms/community.yaml", "forms/tree.yaml"
SCHOOLS = "      - {id: name, label: {zh: 校名, en: Name}, type: text}\n"
REST = """  - id: rest
    title: {zh: 其他, en: Rest}
    ask: [{field: schools}, {field: map}, {field: residents}]
"""
ROWS = "level: facility\nsort: old-tree\nparent: community\nkey: number\n"
LIFTS = "en: Lifts}, type: count"

FAULTS: list[Fault] = [  # file, text, spoilt text with ▸ where the fault is told, code
    (FORM, "{field: schools}", "{field: ▸scools}", "broken_reference"),
    (FORM, "{field: map}", "{field: ▸number}", "broken_reference"),
    (FORM, "{field: map}", "{field: ▸lifts}", "duplicate_id"),
    (FORM, "id: remark", "id: ▸households", "duplicate_id"),
    (FORM, "{id: remark", "{id: ▸residents", "duplicate_id"),
    (FORM, "when: has_lift", "when: ▸has_lft", "unknown_fact"),
    (FORM, "when: has_lift", "when: ▸lifts > 1", "circular_reference"),
    (FORM, "when: has_lift", "when: lifts >▸", "unexpected_end"),
    (FORM, "when: has_lift", "when: has(▸map)", "unknown_fact"),
    (FORM, "when: has_lift", "when: has(▸schools)", "unknown_fact"),
    (FORM, "when: has_lift", "▸wen: has_lift", "unknown_key"),
    (FORM, REST, "  - ▸id: rest\n    title: {zh: 其他, en: Rest}\n    ask: []\n", "missing_key"),
    (FORM, "level: community\n", "level: community\n▸sort: shop\n", "disagreement"),
    (TREES, ROWS, ROWS.replace("level: ", "level: ▸").replace("key: number\n", ""), "disagreement"),
    (TREES, ROWS, ROWS.replace("level: ", "level: ▸").replace("parent: community\n", ""), "disagreement"),
    (TREES, "parent: community", "parent: ▸old-tree", "disagreement"),
    (TREES, "key: number", "key: ▸nummer", "broken_reference"),
    (TREES, "key: number", "key: ▸position", "disagreement"),
    (COMMUNITY, LIFTS, LIFTS + ", ▸required: true", "disagreement"),
    (COMMUNITY, LIFTS, LIFTS + ", ▸when: has_lift", "disagreement"),
    (COMMUNITY, "label: {zh: 电梯数", "label: ▸{zh: 总户数", "duplicate_id"),
    (COMMUNITY, "type: table", "type: ▸text", "disagreement"),
    (COMMUNITY, "type: file", "type: ▸table", "disagreement"),
    (COMMUNITY, SCHOOLS, SCHOOLS + SCHOOLS.replace("name", "▸name"), "duplicate_id"),
    (COMMUNITY, "label: {zh: 学生数", "label: ▸{zh: 校名", "duplicate_id"),
    (COMMUNITY, "en: Pupils}, type: count", "en: Pupils}, type: ▸choice", "disagreement"),
    (COMMUNITY, "en: Pupils}, type: count", "en: Pupils}, type: ▸table", "wrong_value"),
    (COMMUNITY, "compare_by: households", "compare_by: ▸household", "broken_reference"),
    (COMMUNITY, "compare_by: households", "compare_by: ▸has_lift", "disagreement"),
    (COMMUNITY, "compare_by: households", "compare_by: ▸residents", "circular_reference"),
    (COMMUNITY, "usual_change: 0.3", "usual_change: ▸0", "wrong_value"),
    (COMMUNITY, "type: bool}", "type: bool, ▸usual_change: 0.3}", "disagreement"),
    (COMMUNITY, "type: bool}", "type: bool, ▸max: 3}", "disagreement"),
    (COMMUNITY, "type: bool}", "type: bool, ▸decimals: 1}", "disagreement"),
    (COMMUNITY, "valid_months: 12", "valid_months: ▸0", "wrong_value"),
    (COMMUNITY, "valid_months: 12", "holder: ▸water", "broken_reference"),
    ("facts.yaml", "{form: community, field: lifts}", "{form: community, field: ▸map}", "disagreement"),
    ("facts.yaml", "{form: old-tree, aggregate: count}", "▸{form: old-tree, field: number}", "disagreement"),
    ("checks.yaml", "trees <= lifts", "▸tree <= lifts", "unknown_fact"),
    ("checks.yaml", "level: warning", "level: ▸hint", "wrong_value"),
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small_pack(tmp_path)


def spoilt(pack: Path, file: str, old: str, new: str) -> tuple[int, int]:
    """Spoil a file; return line and column, from 1, of the mark in the new text."""
    spoil(pack, file, old, new)
    before = (pack / file).read_text(encoding="utf-8").partition("▸")[0]
    spoil(pack, file, "▸", "")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def places(pack: Path) -> list[tuple[str, int, int, str]]:
    return [(each.file, each.line, each.column, each.code) for each in check(pack)]


def field(pack: Path, form: str, name: str) -> Field:
    return load(pack).form_by_id[form].field(name)


def test_the_small_pack_is_sound(pack: Path) -> None:
    assert check(pack) == []


def test_a_form_holds_the_whole_fields_in_its_own_order(pack: Path) -> None:
    loaded = load(pack)
    form = loaded.form_by_id["community"]
    assert [each.id for each in form.fields] == [
        "households", "has_lift", "lifts", "remark", "schools", "map", "residents",
    ]  # fmt: skip
    assert [section.ask for section in form.sections] == [(), ()]
    assert [group.id for group in loaded.dictionary] == ["people", "trees"]


def test_required_and_condition_come_from_the_question(pack: Path) -> None:
    households, lifts = field(pack, "community", "households"), field(pack, "community", "lifts")
    assert (households.required, households.when, households.valid_months) == (True, None, 12)
    assert (lifts.required, lifts.when) == (False, "has_lift")
    assert {each.required for group in load(pack).dictionary for each in group.fields} == {False}


def test_what_is_stored_needs_no_dictionary_to_be_read(pack: Path) -> None:
    loaded = load(pack)
    stored = content(loaded)
    assert from_content(stored) == loaded
    assert from_content({k: v for k, v in stored.items() if k != "dictionary"}).forms == loaded.forms


def test_one_name_on_two_levels_is_two_fields(pack: Path) -> None:
    spoil(pack, TREE, "id: position", "id: households")
    spoil(pack, TREES, "{field: position}", "{field: households}")
    assert check(pack) == []
    assert field(pack, "old-tree", "households").type == "position"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}:{fault[2].strip()[:50]}")
def test_a_fault_is_told_once_at_its_place(pack: Path, fault: Fault) -> None:
    file, old, new, code = fault
    line, column = spoilt(pack, file, old, new)
    assert places(pack) == [(file, line, column, code)]


def test_a_facility_needs_its_sort(pack: Path) -> None:
    line = spoil(pack, TREE, "sort: old-tree\n", "")
    assert (TREE, line - 1, 1, "disagreement") in places(pack)


def test_a_field_is_defined_once_in_a_file(pack: Path) -> None:
    line, column = spoilt(pack, COMMUNITY, "{id: map", "{id: ▸lifts")
    assert (COMMUNITY, line, column, "duplicate_id") in places(pack)


def test_a_field_of_another_level_is_named_with_that_level(pack: Path) -> None:
    spoil(pack, FORM, "{field: map}", "{field: number}")
    assert "“number”是 facility old-tree 的字段" in check(pack)[0].message


def test_an_unknown_question_comes_with_the_nearest_field(pack: Path) -> None:
    spoil(pack, FORM, "{field: schools}", "{field: scools}")
    assert "“schools”" in check(pack)[0].message


def test_a_table_in_a_rule_is_told_by_its_type(pack: Path) -> None:
    spoil(pack, FORM, "when: has_lift", "when: has(schools)")
    assert "“schools”是 table 类型的字段" in check(pack)[0].message


def test_conditions_that_wait_for_each_other_are_refused(pack: Path) -> None:
    line, column = spoilt(pack, FORM, "{field: has_lift}", "{field: has_lift, when: ▸lifts > 0}")
    assert places(pack) == [
        (FORM, line, column, "circular_reference"),
        (FORM, line + 1, 30, "circular_reference"),
    ]


def test_a_field_is_defined_in_one_file_of_its_level(pack: Path) -> None:
    text = (pack / COMMUNITY).read_text(encoding="utf-8").replace("id: people", "id: more")
    (pack / "fields" / "more.yaml").write_text(text, encoding="utf-8")
    assert [(each.file, each.line, each.code) for each in check(pack)] == [
        ("fields/more.yaml", line, "duplicate_id") for line in (5, 6, 8, 9, 10, 16)
    ]


def test_a_level_has_one_form_and_a_sort_of_facility_too(pack: Path) -> None:
    for file, name in ((FORM, "community"), (TREES, "old-tree")):
        text = (pack / file).read_text(encoding="utf-8").replace(f"id: {name}\n", f"id: second-{name}\n", 1)
        (pack / "forms" / f"x-{name}.yaml").write_text(text, encoding="utf-8")
    assert places(pack) == [
        ("forms/x-community.yaml", 3, 8, "duplicate_id"),
        ("forms/x-old-tree.yaml", 3, 8, "duplicate_id"),
    ]


def test_an_unreadable_group_does_not_break_the_questions(pack: Path) -> None:
    (pack / COMMUNITY).write_text("id: [", encoding="utf-8")
    assert [(file, code) for file, _line, _column, code in places(pack)] == [(COMMUNITY, "yaml_syntax")]


def test_a_pack_needs_neither_dictionary_nor_cross_checks(pack: Path) -> None:
    for file in (COMMUNITY, TREE, TREES, "checks.yaml"):
        (pack / file).unlink()
    spoil(pack, "facts.yaml", "field: lifts}", "field: households}")
    lines = (pack / "facts.yaml").read_text(encoding="utf-8").splitlines()
    (pack / "facts.yaml").write_text(lines[0] + "\n", encoding="utf-8")
    (pack / FORM).write_text(
        "id: community\ntitle: {zh: 表, en: Form}\nlevel: community\nsections:\n"
        "  - id: all\n    title: {zh: 全部, en: All}\n"
        "    fields: [{id: households, label: {zh: 户数, en: Households}, type: count}]\n",
        encoding="utf-8",
    )
    assert check(pack) == []
    assert load(pack).dictionary == ()
