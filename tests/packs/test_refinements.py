"""A district's refinement: what its file may say, what checking it finds, and where it is shown."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenward.packs.cli import pack_commands
from greenward.packs.diff import compare
from greenward.packs.loader.loading import check, content, from_content, load
from greenward.packs.schema.standard import Indicator
from tests.factories.accounts import make_user, signed_in
from tests.factories.packs import BEIJING, EXAMPLE, beijing_pack, example_pack, spoil, store
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT

FILE = "refinements/jia-qu.yaml"
CASE = "cases/district-asks-more.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the model of a hundred points beside the pack whose dictionary it borrows."""
    for pack in (BEIJING, EXAMPLE):
        shutil.copytree(pack, tmp_path / pack.name)
    return tmp_path / EXAMPLE.name


@pytest.mark.parametrize(
    "file, old, new, code",
    [
        (FILE, 'item: "3"', 'item: "33"', "broken_reference"),
        (FILE, 'item: "3"', 'item: "2.1"', "broken_reference"),
        (FILE, 'item: "3"', 'item: "D5.1"', "broken_reference"),
        (FILE, 'id: "D5.1"', 'id: "5"', "duplicate_id"),
        (FILE, 'id: "D5.1"', 'id: "2.2"', "duplicate_id"),
        (FILE, "deliberations_last_year >= 12", "deliberation_last_year >= 12", "unknown_fact"),
        (FILE, "deliberations_last_year >= 12", "deliberations_last_year", "type_mismatch"),
        (FILE, "effect: beside", "effect: looser", "wrong_value"),
        (FILE, "rule: professionals_assigned\n", "points: 5\n", "unknown_key"),
        (FILE, "departments: [planning]", "departments: [plan]", "broken_reference"),
        (FILE, '"990101000000"', '"980101000000"', "broken_reference"),
        (FILE, '"990101000000"', '"990000000000"', "broken_reference"),
        (FILE, '"990101000000"', '"990101001000"', "broken_reference"),
        (CASE, "D3.1: unmet", "D3.1: met", "case_failed"),
        (CASE, "D3.1: unmet", "D3.9: unmet", "broken_reference"),
    ],
)
def test_a_fault_is_reported_at_its_line(copy: Path, file: str, old: str, new: str, code: str) -> None:
    line = spoil(copy, file, old, new)
    assert (file, line, code) in [(each.file, each.line, each.code) for each in check(copy)]


def test_a_district_has_one_refinement_and_no_number_twice(copy: Path) -> None:
    text = (copy / FILE).read_text(encoding="utf-8")
    (copy / "refinements" / "yi-qu.yaml").write_text(
        text.replace("id: jia-qu", "id: yi-qu"), encoding="utf-8"
    )
    assert {(each.file, each.code) for each in check(copy)} == {("refinements/yi-qu.yaml", "duplicate_id")}
    assert len(check(copy)) == 4  # the district, and each of its three numbers


@pytest.mark.parametrize(
    "path, refined",
    [
        (f"990000000000/{DISTRICT}/990101001000/{COMMUNITY}/", True),
        (f"990000000000/{DISTRICT}/", True),
        (f"990000000000/{OTHER_DISTRICT}/", False),
        ("990000000000/", False),
    ],
)
def test_it_holds_in_its_district_alone(path: str, *, refined: bool) -> None:
    pack = example_pack()
    assert (pack.refinement_at(path) in pack.refinements) is refined


def test_an_own_indicator_is_the_district_s_and_carries_nothing_that_counts() -> None:
    [own] = example_pack().refinements[0].of_item("5")
    assert own == Indicator.model_validate(
        {
            "id": "D5.1",
            "title": {"zh": "三个小区以上的社区，物业管理覆盖不低于50%",
                      "en": "Management of 50% where there are more than three compounds"},
            "rule": "ratio(compounds_managed, compounds_total) >= 0.50",
            "applies": "compounds_total > 3",
            "verified": False,
            "departments": ("housing",),
            "owner": "district",
        }
    )  # fmt: skip


def test_a_pack_without_one_is_stored_as_before() -> None:
    assert "refinements" not in content(beijing_pack())
    assert from_content(content(example_pack())) == example_pack()


def test_a_change_of_it_is_told_by_district_and_number(copy: Path) -> None:
    spoil(copy, FILE, ">= 0.50", ">= 0.40")
    [change] = compare(example_pack(), load(copy))
    assert change.place == "refinements/jia-qu/indicators/D5.1/rule"


@pytest.mark.django_db
def test_the_edition_s_page_and_the_command_line_show_it_under_its_item() -> None:
    edition = store(example_pack())
    page = signed_in(make_user()).get(f"/packs/example-hundred/{edition.edition}/standard/").content.decode()
    panel = page[page.index('id="refinement-jia-qu"') :]
    panel = " ".join(panel[: panel.index("</section>")].split())
    assert "区级细化 · 甲区细化指标（示例）" in panel
    assert "细化第 5 项（物业管理覆盖） · 在全市要求之外加的要求" in panel
    assert "细化第 14 项（绿色生活公约） · 只作报告，不作要求" in panel
    shown = CliRunner().invoke(pack_commands, ["show", "example-hundred"], catch_exceptions=False)
    assert "D5.1 → 5 三个小区以上的社区" in shown.output
