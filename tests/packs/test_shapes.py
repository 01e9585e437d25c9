"""Every shape of rule that real rubrics use, as a small pack whose cases are checked like any other's."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenward.packs.cli import pack_commands
from greenward.packs.loader.loading import check, load

SHAPES_FOLDER = Path(__file__).parent / "shapes"
SHAPES = sorted(folder for folder in SHAPES_FOLDER.iterdir() if folder.is_dir())


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_pack_says_what_its_cases_expect(shape: Path) -> None:
    result = CliRunner().invoke(pack_commands, ["check", str(shape)])
    assert (result.output, result.exit_code) == ("ok\n", 0)


@pytest.mark.parametrize("number", range(1, 31))
def test_each_of_the_thirty_shapes_has_a_pack(number: int) -> None:
    assert [shape.name for shape in SHAPES if shape.name.split("-")[0] == f"r{number:02}"] != []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_nothing_known_leaves_every_shape_unknown(shape: Path) -> None:
    cases = {case.id: case for case in load(shape).cases}
    if "nothing-known" in cases:
        assert cases["nothing-known"].facts == {}
        assert cases["nothing-known"].expect.verdict == "unknown"


def faults(tmp_path: Path, shape: str, old: str, new: str) -> list[tuple[str, str]]:
    """Return the faults of a shape's pack once its standard is changed."""
    folder = tmp_path / shape
    source = SHAPES_FOLDER / shape
    for path in source.rglob("*.yaml"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        changed = text.replace(old, new) if path.name in {"standard.yaml", "facts.yaml"} else text
        target.write_text(changed, encoding="utf-8")
    return [(problem.file, problem.code) for problem in check(folder)]


@pytest.mark.parametrize("place", ["文字笔误", "各行合计20分", "小计有误"])
def test_an_inconsistent_source_is_reported_until_its_author_says_how_to_read_it(
    tmp_path: Path, place: str
) -> None:
    text = (SHAPES_FOLDER / "r30" / "standard.yaml").read_text(encoding="utf-8")
    reading = next(found for found in re.findall(r",? ?reading: \{.*?\}\}", text) if place in found)
    assert faults(tmp_path, "r30", reading, "") == [("standard.yaml", "source_inconsistent")]


def test_nothing_is_mended(tmp_path: Path) -> None:
    """The stated total counts when its author says so, and the cases tell the difference."""
    found = faults(tmp_path, "r24-leave-out", "points: 60", "points: 50")
    assert {code for _file, code in found} == {"case_failed"}
    assert faults(tmp_path, "r20", "points: 100", "points: 90")[0] == ("standard.yaml", "source_inconsistent")


def test_a_reading_needs_an_inconsistency(tmp_path: Path) -> None:
    reading = "points: 5\n    reading: {takes: rows, note: {zh: 无, en: None}}"
    assert faults(tmp_path, "r02", "points: 5", reading) == [("standard.yaml", "needless_reading")]


@pytest.mark.parametrize(
    "shape,old,new,code",
    [
        ("r02", "points: 5", "points: 5\n    deducts: 5", "disagreement"),
        ("r02", "rule: plan", "applies: plan", "disagreement"),
        ("r05", "passes: pass", "passes: passed", "broken_reference"),
        ("r05", "passes: pass\n", "", "disagreement"),
        ("r05", "needs: total >= 0", "needs: total", "type_mismatch"),
        ("r05", "needs: total >= 0", "needs: area_b >= 0", "unknown_fact"),
        ("r05", "id: managed,", "id: total,", "duplicate_id"),
        ("r12", "of: rate", "of: rate > 0.5", "type_mismatch"),
        ("r12", "rounding: down", "rounding: sideways", "wrong_value"),
        ("r12", "below: 0.90", "below: 0.90, above: 0.50", "disagreement"),
        ("r11", "least: 0, most: 6", "least: 6, most: 6", "disagreement"),
        ("r11", "origin: {source: review, key: picked}", "origin: {form: x, field: picked}", "disagreement"),
        ("r22", "id: managed_rank", "id: managed", "duplicate_id"),
        ("r24-leave-out", "applies: works\n", "\n", "disagreement"),
        ("r24-leave-out", "gives: leave_out", "gives: leave_out, among: kind", "disagreement"),
        ("r27", "count: 2", "count: 2, share: 0.5", "disagreement"),
        ("r28", "guidance: true", "guidance: true\n    points: 5", "disagreement"),
        ("r23", "earlier: rate,", "earlier: pace,", "broken_reference"),
        ("r23", "earlier: rate,", "earlier: rate_before,", "disagreement"),
        ("r23", "type: number, origin: {earlier", "type: count, origin: {earlier", "disagreement"),
        ("r23", "months: 12}", "months: 0}", "wrong_value"),
        ("c4-records", "type: date", "type: count", "disagreement"),
        ("c4-records", 'item: "2"', 'item: "9"', "broken_reference"),
        ("c4-records", "gives: days", "gives: weeks", "wrong_value"),
        ("c1-refined", 'id: "1.3"', 'id: "1.2"', "duplicate_id"),
    ],
)
def test_a_fault_in_a_standard_is_found(tmp_path: Path, shape: str, old: str, new: str, code: str) -> None:
    found = faults(tmp_path, shape, old, new)
    assert code in {code for _file, code in found}
