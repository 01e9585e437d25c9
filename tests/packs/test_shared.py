"""`fields_from`: a pack takes the dictionary of a neighbour into itself."""

import shutil
from pathlib import Path

import pytest

from greenward.packs.loader.loading import check, content, digest, from_content, load
from tests.factories.packs import CARD, small_pack, spoil


@pytest.fixture
def borrower(tmp_path: Path) -> Path:
    small_pack(tmp_path, "lender")
    pack = small_pack(tmp_path, "borrower")
    shutil.rmtree(pack / "fields")
    _lend(pack, "[lender]")
    return pack


def _lend(pack: Path, names: str) -> None:
    (pack / "pack.yaml").write_text(CARD.format(name=pack.name) + f"fields_from: {names}\n", encoding="utf-8")


def told(pack: Path) -> list[tuple[str, int, str]]:
    return [(each.file, each.line, each.code) for each in check(pack)]


def test_the_loaded_pack_contains_the_neighbour_s_fields(borrower: Path) -> None:
    loaded = load(borrower)
    assert loaded.dictionary == load(borrower.parent / "lender").dictionary
    assert loaded.form_by_id["community"].field("households").valid_months == 12
    shutil.rmtree(borrower.parent / "lender")
    assert from_content(content(loaded)) == loaded


def test_the_digest_covers_what_is_borrowed(borrower: Path) -> None:
    before = digest(load(borrower))
    spoil(borrower.parent / "lender", "fields/community.yaml", "valid_months: 12", "valid_months: 24")
    assert digest(load(borrower)) != before


def test_own_fields_stand_beside_borrowed_ones(borrower: Path) -> None:
    own = "id: own\ntitle: {zh: 自有, en: Own}\nlevel: community\n"
    own += "fields: [{id: gardens, label: {zh: 花园数, en: Gardens}, type: count}]\n"
    (borrower / "fields").mkdir()
    (borrower / "fields" / "own.yaml").write_text(own, encoding="utf-8")
    spoil(borrower, "forms/community.yaml", "{field: map}", "{field: gardens}")
    assert [group.id for group in load(borrower).dictionary] == ["people", "trees", "own"]


def test_an_own_field_must_not_hide_a_borrowed_one(borrower: Path) -> None:
    own = "id: own\ntitle: {zh: 自有, en: Own}\nlevel: community\n"
    own += "fields:\n  - {id: households, label: {zh: 家庭数, en: Families}, type: count}\n"
    (borrower / "fields").mkdir()
    (borrower / "fields" / "own.yaml").write_text(own, encoding="utf-8")
    assert told(borrower) == [("fields/own.yaml", 5, "duplicate_id")]
    assert "../lender/fields/community.yaml" in check(borrower)[0].message


def test_a_fault_in_a_borrowed_file_is_told_with_its_place(borrower: Path) -> None:
    line = spoil(borrower.parent / "lender", "fields/tree.yaml", "type: position", "type: positon")
    assert told(borrower) == [("../lender/fields/tree.yaml", line, "wrong_value")]


def test_an_unreadable_borrowed_file_does_not_break_the_questions(borrower: Path) -> None:
    (borrower.parent / "lender" / "fields" / "community.yaml").write_text("id: [", encoding="utf-8")
    assert told(borrower) == [("../lender/fields/community.yaml", 1, "yaml_syntax")]


@pytest.mark.parametrize(
    "names, code",
    [
        ("[lendr]", "broken_reference"),
        ("[borrower]", "circular_reference"),
        ("[lender, lender]", "duplicate_id"),
        ("[../lender]", "wrong_value"),
        ("[/etc]", "wrong_value"),
        ('[""]', "wrong_value"),
        ("[{x: y}]", "wrong_type"),
        ("lender", "wrong_type"),
    ],
)
def test_a_name_that_lends_nothing_is_a_fault(borrower: Path, names: str, code: str) -> None:
    _lend(borrower, names)
    assert ("pack.yaml", 7, code) in told(borrower)


def test_an_unknown_neighbour_comes_with_the_nearest_one(borrower: Path) -> None:
    _lend(borrower, "[lendr]")
    sentence = next(each.message for each in check(borrower) if each.file == "pack.yaml")
    assert "“lender”" in sentence


def test_a_neighbour_without_a_dictionary_lends_nothing(borrower: Path) -> None:
    shutil.rmtree(borrower.parent / "lender" / "fields")
    assert ("pack.yaml", 7, "broken_reference") in told(borrower)


def test_what_a_neighbour_has_borrowed_is_not_lent_on(borrower: Path) -> None:
    third = small_pack(borrower.parent, "third")
    shutil.rmtree(third / "fields")
    (borrower / "fields").mkdir()
    shutil.copy(borrower.parent / "lender" / "fields" / "tree.yaml", borrower / "fields")
    _lend(third, "[borrower]")
    assert ("pack.yaml", 7, "circular_reference") in told(third)


def test_links_are_not_followed(borrower: Path, tmp_path: Path) -> None:
    (borrower.parent / "linked").symlink_to(borrower.parent / "lender")
    _lend(borrower, "[linked]")
    assert ("pack.yaml", 7, "broken_reference") in told(borrower)
    _lend(borrower, "[lender]")
    (borrower.parent / "lender" / "fields" / "secret.yaml").symlink_to("/etc/passwd")
    assert ("../lender/fields/secret.yaml", 1, "refused_file") in told(borrower)
