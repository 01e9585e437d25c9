from pathlib import Path

from greenward.packs.diff import compare
from greenward.packs.loader.loading import load
from tests.factories.packs import BEIJING, copy_of_beijing, former_beijing, small_pack, spoil


def test_a_pack_does_not_differ_from_itself() -> None:
    assert compare(load(BEIJING), load(BEIJING)) == []


def test_changes_are_told_by_item_target_and_case(tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "standard.yaml", "zh: 绿色生活公约", "zh: 居民公约")
    spoil(copy, "targets.yaml", "  count_max: 3\n", "")
    spoil(copy, "parameters.yaml", "value: 90", "value: 60")
    (copy / "cases" / "property-below-30.yaml").rename(copy / "cases" / "a.yaml")
    (copy / "cases" / "no-works.yaml").unlink()
    spoil(copy, "cases/post-too-old.yaml", "last_post_on: 2022-06-16", "last_post_on: 2022-07-16")
    spoil(copy, "cases/all-met.yaml", "last_post_on: 2022-08-20", "last_post_on: 2022-08-21")
    changes = compare(load(BEIJING), load(copy))
    assert sorted(str(change) for change in changes) == [
        "- cases/no-works: 没有实施改造：第6项不适用，仍达标",
        "- targets/street-pilots/count_max: 3",
        "~ cases/all-met/facts/last_post_on: 2022-08-20 → 2022-08-21",
        "~ cases/post-too-old/facts/last_post_on: 2022-06-16 → 2022-07-16",
        "~ parameters/post_interval_days/value: 90 → 60",
        "~ standard/items/16/short/zh: 绿色生活公约 → 居民公约",
    ]
    assert [change.kind for change in changes if change.place == "cases/no-works"] == ["removed"]


def test_a_new_entry_is_one_change(tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    with (copy / "clauses.yaml").open("a", encoding="utf-8") as file:
        file.write('\n- id: "5"\n  text: 附则\n  document: jjf-2021-315\n')
    changes = compare(load(BEIJING), load(copy))
    assert [str(change) for change in changes] == ["+ clauses/5: 附则"]


def told(old: Path, new: Path) -> list[str]:
    return [str(change) for change in compare(load(old), load(new))]


def pair(folder: Path) -> tuple[Path, Path]:
    return small_pack(folder / "old"), small_pack(folder / "new")


def test_a_field_of_the_dictionary_is_told_once(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    spoil(new, "fields/community.yaml", "valid_months: 12", "valid_months: 24")
    spoil(new, "fields/community.yaml", "zh: 校名", "zh: 学校名称")
    assert told(old, new) == [
        "~ dictionary/people/fields/households/valid_months: 12 → 24",
        "~ dictionary/people/fields/schools/columns/name/label/zh: 校名 → 学校名称",
    ]


def test_what_the_form_decides_is_told_under_the_form(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    spoil(new, "forms/community.yaml", "{field: households, required: true}", "{field: households}")
    spoil(new, "forms/community.yaml", "when: has_lift", "when: has_lift && households > 0")
    spoil(new, "forms/community.yaml", "{field: map}, ", "")
    assert told(old, new) == [
        "- forms/community/sections/people/fields/households/required: true",
        "~ forms/community/sections/people/fields/lifts/when: has_lift → has_lift && households > 0",
        "- forms/community/sections/rest/fields/map: map",
    ]


def test_a_field_of_the_form_alone_is_told_under_the_form(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    spoil(new, "forms/community.yaml", "zh: 备注", "zh: 说明")
    assert told(old, new) == [
        "~ forms/community/sections/people/fields/remark/label/zh: 备注 → 说明",
    ]


def test_a_field_that_moves_into_the_dictionary_tells_what_changed_about_it(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    own = "    fields:\n      - {id: remark, label: {zh: 备注, en: Remark}, type: text}\n"
    spoil(new, "forms/community.yaml", own, "      - {field: remark, required: true}\n")
    with (new / "fields" / "community.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: remark, label: {zh: 备注, en: Remark}, type: text, valid_months: 6}\n")
    assert told(old, new) == [
        "+ dictionary/people/fields/remark: 备注",
        "+ forms/community/sections/people/fields/remark/required: true",
        "+ forms/community/sections/people/fields/remark/valid_months: 6",
    ]


def test_the_edition_before_the_dictionary_compares_field_by_field() -> None:
    changes = {change.place: change for change in compare(former_beijing(), load(BEIJING))}
    assert changes["dictionary"].kind == "added"
    assert changes["forms/community/sections/people/fields/households/valid_months"].new == 12
    assert "forms/community/sections/people/fields/households/label" not in changes
    assert changes["forms/community/sections/people/fields/rented_share"].new == {"id": "rented_share"}
    assert changes["standard/items/12/rule"].kind == "removed"
    assert changes["standard/items/12/indicators"].kind == "added"
    assert not any(place.startswith(("targets", "duties")) for place in changes)
    assert {place for place in changes if place.startswith("cases")} == {
        "cases/all-met/facts/green_care_deduction",
        "cases/green-care-deducted",
        "cases/green-care-not-judged",
    }
