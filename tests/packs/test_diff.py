from pathlib import Path

from greenward.packs.diff import compare
from greenward.packs.loader.loading import load
from tests.factories.packs import BEIJING, copy_of_beijing, spoil


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
