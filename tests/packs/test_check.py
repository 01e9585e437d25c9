"""`pack check`: every fault, each with file, line, column and what would be right."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenward.packs.cli import pack_commands
from greenward.packs.loader.loading import PackFaultyError, check, load
from tests.factories.packs import BEIJING, copy_of_beijing, spoil

Fault = tuple[str, str, str, int, str]

TEN_FAULTS: list[Fault] = [  # file, text, spoilt text, lines from the text to the fault, code
    ("clauses.yaml", '- id: "4.2"\n', '- id: "4.3"\n', 6, "duplicate_id"),
    ("departments.yaml", "lead: true}", "led: true}", 0, "unknown_key"),
    ("duties.yaml", "schedule: {once: 2022-05-31}", "schedule: {once: May}", 0, "wrong_type"),
    (
        "facts.yaml",
        "field: households}\n- id: population",
        "field: housholds}\n- id: population",
        0,
        "broken_reference",
    ),
    (
        "forms/compound.yaml",
        "title: {zh: 小区摸底表",
        "title: {zh: 小区表, zh: 小区摸底表",
        0,
        "duplicate_key",
    ),
    ("phases.yaml", "first_month: 2021-12", "first_month: 2021-11", 0, "dates_out_of_order"),
    ("pack.yaml", "    signers: 15", "    signers: 14", 0, "unbalanced_sum"),
    ("route.yaml", 'clause: "3.1.4"\nsteps', "steps", -2, "missing_key"),
    ("standard.yaml", ">= 0.30", ">= 'third'", 0, "incomparable"),
    ("targets.yaml", "- id: city-2021", "- id: city-2021\n  - x", 1, "yaml_syntax"),
]

ALONE: list[Fault] = [
    ("pack.yaml", "languages: [zh, en]", "languages: [zh, de]", 0, "wrong_value"),
    ("pack.yaml", 'edition: "2021.3"', "edition: 2021.3", 0, "wrong_type"),
    ("pack.yaml", "date: 2021-09-27", "date: 2021-09-31", 0, "wrong_type"),
    ("pack.yaml", "id: beijing-2021", "id: &pack beijing-2021\nlanguage: *pack", 1, "refused_yaml"),
    ("pack.yaml", "id: beijing-2021", "id: !!python/name:os.system beijing-2021", 0, "refused_yaml"),
    ("pack.yaml", 'territory: "110000000000"', "territory: " + "[" * 40 + "]" * 40, 0, "refused_yaml"),
    ("targets.yaml", 'see_also: ["3.3.1"]', 'see_also: ["3.3.9"]', 0, "broken_reference"),
    (
        "targets.yaml",
        '  share: 0.25\n  due: 2021-12-31\n  reading: stated\n  clause: "1.2"',
        '  due: 2021-12-31\n  reading: stated\n  clause: "1.2"',
        -3,
        "disagreement",
    ),
    ("targets.yaml", "  count_max: 3", "  count_max: 1", -4, "disagreement"),
    ("targets.yaml", "derived_from: district-2022", "derived_from: district-2023", 0, "broken_reference"),
    ("targets.yaml", "denominator_on: 2021-11-30", "denominator_on: 2021-12-01", 0, "dates_out_of_order"),
    ("duties.yaml", "{every: quarter, days_after: 10}", "{every: quarter}", 0, "disagreement"),
    ("duties.yaml", "{month: 11, day: 10}", "{month: 11, day: 31}", 0, "disagreement"),
    ("duties.yaml", "{month: 11, day: 10}", "{month: 13, day: 10}", 0, "wrong_value"),
    (
        "responsibilities.yaml",
        "planning, housing, development]",
        "planning, housing, development, x]",
        0,
        "broken_reference",
    ),
    ("departments.yaml", "{slug: education", "{lead: true, slug: education", 0, "disagreement"),
    (
        "standard.yaml",
        "expected: {areas: 5, items: 16}",
        "expected: {areas: 5, items: 17}",
        0,
        "unbalanced_sum",
    ),
    ("standard.yaml", 'clause: "2.4", items: 2', 'clause: "2.4", items: 3', 0, "unbalanced_sum"),
    ("standard.yaml", "verified: false\nnote", "verified: no\nnote", 0, "wrong_type"),
    ("standard.yaml", "        rule: smart_security\n", "        rule: smart_secutiry\n", 0, "unknown_fact"),
    (
        "standard.yaml",
        "        rule: smart_security\n",
        "        rule: smart_security &&\n",
        0,
        "unexpected_end",
    ),
    (
        "standard.yaml",
        "rule: roads in ['good', 'aging']",
        "rule: roads in ['good', 'aging'] & & smart_security",
        0,
        "single_sign",
    ),
    ("facts.yaml", "field: smart_security}", "field: households}", -1, "disagreement"),
    (
        "facts.yaml",
        "aggregate: count_true, field: waste_sorting",
        "aggregate: count_true, field: households",
        0,
        "disagreement",
    ),
    ("facts.yaml", "any_of: [firm, unit, quasi]", "any_of: [firm, unit, quasy]", 0, "broken_reference"),
    ("facts.yaml", "- id: population\n", "- id: households\n", 0, "duplicate_id"),
    (
        "parameters.yaml",
        "- id: deliberations_min\n",
        "- id: deliberations_min\n  values: 2\n",
        1,
        "unknown_key",
    ),
    ("forms/compound.yaml", "key: name", "key: nam", 0, "broken_reference"),
    ("forms/compound.yaml", "key: name\n", "", -2, "disagreement"),
    ("fields/compound.yaml", "aliases: [是否老旧小区]", "aliases: [户数]", 0, "duplicate_id"),
    ("fields/compound.yaml", "min: 1900", "min: 2101", 0, "disagreement"),
    (
        "forms/compound.yaml",
        "charging_spaces <= parking_spaces",
        "charging_spaces <= parking_space",
        0,
        "unknown_fact",
    ),
    ("route.yaml", "level: subdistrict", "level: sub-district", 0, "wrong_value"),
    ("cases/no-works.yaml", "verdict: met", "verdict: unmet", 0, "case_failed"),
    ("cases/no-works.yaml", '"6": not_applicable', '"6": unmet', 0, "case_failed"),
    ("cases/no-works.yaml", "works_took_place: false", "works_took_place: 0", 0, "wrong_type"),
    ("cases/post-too-old.yaml", "last_post_on: 2022-06-16", "last_post_on: 2022-06-31", 0, "wrong_type"),
    ("cases/post-too-old.yaml", "based_on: all-met", "based_on: post-too-old", 0, "circular_reference"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_of_beijing(tmp_path)


def found(pack: Path) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in check(pack)]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(pack_commands, [str(argument) for argument in arguments])


def test_beijings_pack_is_sound() -> None:
    result = run("check", BEIJING, "--json")
    assert json.loads(result.output) == {"ok": True, "problems": []}
    assert result.exit_code == 0


def test_ten_planted_faults_are_all_reported_with_file_and_line(copy: Path) -> None:
    planted = []
    for file, old, new, shift, code in TEN_FAULTS:
        planted.append((file, spoil(copy, file, old, new) + shift, code))
    result = run("check", copy, "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 1
    assert answer["ok"] is False
    assert sorted((each["file"], each["line"], each["code"]) for each in answer["problems"]) == sorted(
        planted
    )
    assert all(each["column"] >= 1 and each["message"] for each in answer["problems"])


@pytest.mark.parametrize("fault", ALONE, ids=lambda fault: f"{fault[0]}:{fault[2][:40]}")
def test_a_fault_is_reported_once_and_raises_no_others(copy: Path, fault: Fault) -> None:
    file, old, new, shift, code = fault
    line = spoil(copy, file, old, new) + shift
    assert found(copy) == [(file, line, code)]


def test_a_fault_inside_a_folded_rule_is_placed_in_its_source_line(copy: Path) -> None:
    folded = ">-\n          smart_security &&\n          road in ['good']\n"
    line = spoil(copy, "standard.yaml", "rule: smart_security\n", f"rule: {folded}")
    problem = check(copy)[0]
    assert (problem.line, problem.column) == (line + 2, 11)


def test_a_fault_inside_a_plain_rule_is_placed_in_its_column(copy: Path) -> None:
    spoil(copy, "standard.yaml", "ratio(compounds_managed", "ratio(compound_managed")
    assert check(copy)[0].column == len("        rule: ratio(") + 1


def test_an_unreadable_file_does_not_break_the_references_to_it(copy: Path) -> None:
    (copy / "clauses.yaml").write_text("- id: [", encoding="utf-8")
    (copy / "facts.yaml").unlink()
    assert [(file, code) for file, _line, code in found(copy)] == [
        ("clauses.yaml", "yaml_syntax"),
        ("facts.yaml", "missing_file"),
    ]


def test_files_that_do_not_belong_are_refused(copy: Path) -> None:
    (copy / "target.yaml").write_text("[]", encoding="utf-8")
    (copy / "cases" / "passwords.yaml").symlink_to("/etc/passwd")
    (copy / "forms" / "big.yaml").write_text("#" * 1_000_001, encoding="utf-8")
    (copy / "forms" / "latin.yaml").write_bytes(b"id: x\ntitle: \xff\n")
    (copy / "README.md").write_text("Notes.", encoding="utf-8")
    assert found(copy) == [
        ("cases/passwords.yaml", 1, "refused_file"),
        ("forms/big.yaml", 1, "refused_file"),
        ("forms/latin.yaml", 2, "yaml_syntax"),
        ("target.yaml", 1, "unknown_file"),
    ]


def test_an_unknown_name_comes_with_the_nearest_one(copy: Path) -> None:
    spoil(copy, "responsibilities.yaml", "market-regulation]", "market-regulatoin]")
    assert "“market-regulation”" in check(copy)[0].message


def test_a_signer_without_an_area_is_an_unbalanced_sum(copy: Path) -> None:
    spoil(copy, "responsibilities.yaml", "education, fire-rescue, ", "fire-rescue, ")
    assert found(copy) == [("departments.yaml", 5, "unbalanced_sum")]


def test_an_area_without_departments_is_an_unbalanced_sum(copy: Path) -> None:
    (copy / "responsibilities.yaml").write_text("[]", encoding="utf-8")
    signers = [("departments.yaml", line, "unbalanced_sum") for line in range(3, 18)]
    areas = [("standard.yaml", line, "unbalanced_sum") for line in range(14, 19)]
    assert found(copy) == signers + areas


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    assert [problem.code for problem in check(tmp_path / "nowhere")] == ["missing_folder"]


def test_a_faulty_pack_does_not_load(copy: Path) -> None:
    spoil(copy, "departments.yaml", "lead: true}", "led: true}")
    with pytest.raises(PackFaultyError) as refused:
        load(copy)
    assert [problem.code for problem in refused.value.problems] == ["unknown_key"]


@pytest.mark.parametrize(
    "file, old, new, code",
    [
        ("targets.yaml", "level: city\n  measure: meeting\n  share: 0.25", "level: {x: y}", "wrong_value"),
        ("responsibilities.yaml", "- area: smart", "- area: [smart]", "wrong_type"),
        ("departments.yaml", "slug: water", "slug: {x: y}", "wrong_type"),
        ("facts.yaml", "any_of: [firm, unit, quasi]", "any_of: {x: y}", "wrong_type"),
        (
            "facts.yaml",
            "aggregate: count_true, field: waste_sorting",
            "aggregate: [count_true], field: waste_sorting",
            "wrong_value",
        ),
        ("forms/compound.yaml", "key: name", "key: [name]", "wrong_type"),
        ("phases.yaml", "first_month: 2022-06", "first_month: 6", "wrong_type"),
        ("cases/no-works.yaml", "facts:", "facts: 7\nfact:", "wrong_type"),
    ],
)
def test_a_wrong_type_stops_no_other_check(copy: Path, file: str, old: str, new: str, code: str) -> None:
    line = spoil(copy, file, old, new)
    spoil(copy, "pack.yaml", "    signers: 15", "    signers: 14")
    problems = found(copy)
    assert (file, line, code) in problems
    assert ("pack.yaml", 15, "unbalanced_sum") in problems
