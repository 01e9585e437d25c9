"""A pack as texts, and single parts of a text changed."""

from pathlib import Path

import pytest
from django.conf import settings

from greenward.packs.diff import compare
from greenward.packs.drafting import entries, splicing
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.loading import digest, load, read
from greenward.packs.loader.nodes import compose, path_at
from tests.factories.packs import BEIJING, beijing_pack, former_beijing, small_pack

SHAPES = sorted(path for path in (settings.ROOT / "tests" / "packs" / "shapes").iterdir() if path.is_dir())
STANDARD = """\
# why it is so
areas: [{id: life, points: 5}, {id: rest, points: 3}]
items:
  # about the first
  - id: "1"
    title: {zh: 甲, en: A}
    rule: lifts >= 1

  # about the second
  - id: "2"
    rule: >-
      lifts >= 2 &&
      trees > 0
    # at the end of the second
    departments: [housing]
verified: true
"""


@pytest.mark.parametrize("folder", [BEIJING, *SHAPES], ids=lambda path: path.name)
def test_a_pack_written_out_is_read_as_the_same_pack(folder: Path) -> None:
    pack = load(folder)
    found = read(texts_of(pack))
    assert found.problems == ()
    assert found.pack is not None
    assert digest(found.pack) == digest(pack)


def test_a_pack_from_before_the_dictionary_keeps_its_forms_fields() -> None:
    pack = former_beijing()
    found = read(texts_of(pack))
    assert found.pack is not None
    assert compare(pack, found.pack) == []


def test_a_borrowed_dictionary_is_written_out_as_its_own() -> None:
    pack = load(settings.ROOT / "packs" / "example-hundred")
    found = read(texts_of(pack))
    assert found.pack is not None
    assert [change.place for change in compare(pack, found.pack)] == ["manifest/fields_from"]


def test_a_draft_takes_nothing_from_neighbours(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    texts = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.yaml")}
    texts["pack.yaml"] += "fields_from: [beijing-2021]\n"
    assert [problem.code for problem in read(texts).problems] == ["broken_reference"]


def test_texts_are_checked_like_a_folder(tmp_path: Path) -> None:
    texts = texts_of(beijing_pack())
    texts["standard.yaml"] = texts["standard.yaml"].replace("smart_security\n", "smart_securty\n")
    texts["notes.txt"] = "?"
    del texts["route.yaml"]
    for file, text in texts.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    from greenward.packs.loader.loading import check

    assert [str(each) for each in read(texts).problems] == [str(each) for each in check(tmp_path)]
    assert {each.code for each in read(texts).problems} == {"unknown_fact", "unknown_file", "missing_file"}


def test_an_entry_is_rewritten_and_everything_around_it_stays() -> None:
    changed = splicing.replaced(STANDARD, "standard.yaml", ("items", 0), {"id": "1", "rule": "lifts >= 3"})
    assert changed == STANDARD.replace(
        '  - id: "1"\n    title: {zh: 甲, en: A}\n    rule: lifts >= 1\n', "  - {id: '1', rule: lifts >= 3}\n"
    )


def test_a_folded_rule_is_replaced_alone() -> None:
    changed = splicing.replaced(STANDARD, "standard.yaml", ("items", 1, "rule"), "lifts >= 9")
    assert "rule: lifts >= 9\n    # at the end of the second\n" in changed


def test_a_part_within_brackets_stays_within_them() -> None:
    changed = splicing.set_key(STANDARD, "standard.yaml", ("areas", 1, "reading"), {"takes": "rows"})
    assert "areas: [{id: life, points: 5}, {id: rest, points: 3, reading: {takes: rows}}]" in changed


@pytest.mark.parametrize("place", [("items",), ("areas",)])
def test_an_entry_is_added_at_the_end_of_its_list(place: tuple[str]) -> None:
    changed = splicing.added(STANDARD, "standard.yaml", place, {"id": "9", "rule": "a"})
    data = splicing.data_of(changed, "standard.yaml")
    assert [each["id"] for each in data[place[0]]][-1] == "9"
    assert changed.count("#") == STANDARD.count("#")


def test_a_key_of_the_file_is_set_added_and_taken_away() -> None:
    for key, value in (("verified", False), ("points", 8), ("verified", None)):
        changed = splicing.set_key(STANDARD, "standard.yaml", (key,), value)
        assert splicing.data_of(changed, "standard.yaml").get(key) == value
        assert "# why it is so" in changed


def test_an_unreadable_text_is_refused_with_its_fault() -> None:
    with pytest.raises(splicing.UnreadableError) as refused:
        splicing.replaced("a: [", "standard.yaml", ("a",), 1)
    assert refused.value.data["problem"]["line"] == 1  # type: ignore[index] # a dict


def test_every_entry_of_beijings_standard_can_be_rewritten_as_it_is() -> None:
    text = (BEIJING / "standard.yaml").read_text()
    data = splicing.data_of(text, "standard.yaml")
    for number, entry in enumerate(data["items"]):
        again = splicing.replaced(text, "standard.yaml", ("items", number), entry)
        assert splicing.data_of(again, "standard.yaml") == data
        assert again.count("\n# ") == text.count("\n# ")


def test_entries_are_found_by_name() -> None:
    data = splicing.data_of(STANDARD, "standard.yaml")
    assert entries.place_of(data, ("items", "2")) == ("items", 1)
    assert entries.place_of(data, ("items", "3")) is None
    assert entries.names_of(data, ("items", 1, "rule")) == ("items", "2", "rule")


@pytest.mark.parametrize(
    "words, names",
    [
        ("lifts >= 1", ("items", 0, "rule")),
        ("trees > 0", ("items", 1, "rule")),
        ("departments:", ("items", 1, "departments")),
        ("id: rest", ("areas", 1, "id")),
        ("verified", ("verified",)),
    ],
)
def test_a_place_in_the_text_leads_to_the_part(words: str, names: tuple[str | int, ...]) -> None:
    root = compose(STANDARD, "standard.yaml")[0]
    before = STANDARD[: STANDARD.index(words)]
    assert root is not None
    assert path_at(root, before.count("\n") + 1, len(before) - before.rfind("\n")) == names
