"""A pack's shapes, on Beijing's pack."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from greenward.packs.loader.loading import content, digest, from_content, load
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import first_day
from tests.factories.packs import BEIJING, FORMER_DIGEST, copy_of_beijing, former_beijing


@pytest.fixture(scope="module")
def beijing() -> Pack:
    return load(BEIJING)


def test_both_readings_of_a_quarter_stand_apart(beijing: Pack) -> None:
    quarter = [(t.level, t.clause, t.due) for t in beijing.targets if t.share == Decimal("0.25")]
    assert quarter == [
        ("city", "1.2", date(2021, 12, 31)),
        ("district", "3.2.2", date(2021, 12, 31)),
    ]


def test_the_city_s_sixty_percent_is_derived_from_the_districts(beijing: Pack) -> None:
    target = beijing.target_by_id["city-2022"]
    assert (target.reading, target.derived_from) == ("derived", "district-2022")


def test_pilots_are_owed_by_streets_only(beijing: Pack) -> None:
    target = beijing.target_by_id["street-pilots"]
    assert (target.count_min, target.count_max, target.kinds) == (2, 3, ("street",))


def test_phases_are_half_open_ranges(beijing: Pack) -> None:
    assert [(phase.starts_on, phase.ends_before) for phase in beijing.phases] == [
        (date(2021, 10, 1), date(2021, 12, 1)),
        (date(2021, 12, 1), date(2022, 6, 1)),
        (date(2022, 6, 1), date(2023, 1, 1)),
    ]


def test_a_month_after_december_is_january() -> None:
    assert first_day("2021-12", months_later=1) == date(2022, 1, 1)


def test_fifteen_signers_cover_five_areas(beijing: Pack) -> None:
    routed = {slug for entry in beijing.responsibilities for slug in entry.departments}
    assert routed == set(beijing.department_by_slug)
    assert len(routed) == 15


def test_no_wording_of_the_standard_passes_as_verified(beijing: Pack) -> None:
    assert not beijing.everything_verified
    assert {item.verified for item in beijing.item_by_id.values()} == {False}


def test_the_sixteen_items_stand_in_their_areas(beijing: Pack) -> None:
    numbers = {area.id: [item.id for item in beijing.items_of(area.id)] for area in beijing.standard.areas}
    assert numbers == {
        "mechanism": ["1", "2", "3"],
        "infrastructure": ["4", "5", "6"],
        "environment": ["7", "8", "9", "10"],
        "smart": ["11", "12"],
        "culture": ["13", "14", "15", "16"],
    }


def test_clauses_are_the_policy_s_words(beijing: Pack) -> None:
    assert len(beijing.clauses) == 29
    text = beijing.clause_by_id["3.2.2"].text or ""
    assert "到 2021 年底，各区 25%以上的城市社区创建达标" in text


def test_a_field_knows_the_items_that_need_it(beijing: Pack) -> None:
    assert [item.id for item in beijing.used_by("compound", "property_kind")] == ["12"]
    assert [item.id for item in beijing.used_by("community", "works_took_place")] == ["6"]
    assert beijing.used_by("community", "land_area_m2") == ()


def test_an_item_knows_its_facts(beijing: Pack) -> None:
    facts = beijing.facts_of(beijing.item_by_id["5"])
    assert [fact.id for fact in facts] == [
        "road_hazards_treated",
        "sponge_measures",
        "compounds_total",
        "compounds_sorting",
    ]


def test_texts_follow_the_reader_s_language(beijing: Pack) -> None:
    title = beijing.item_by_id["9"].short
    with translation.override("zh-hans"):
        assert str(title) == "适老与无障碍"
    with translation.override("en"):
        assert str(title) == "Age-friendly and barrier-free"


def test_a_pack_survives_its_canonical_data(beijing: Pack) -> None:
    assert from_content(content(beijing)) == beijing


def test_the_digest_ignores_comments_and_order_of_keys(beijing: Pack, tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    path = copy / "pack.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["# note", *lines[2:], lines[1]]) + "\n", encoding="utf-8")
    assert digest(load(copy)) == digest(beijing)


def test_the_digest_knows_a_changed_word(beijing: Pack, tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    path = copy / "phases.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Roll-out", "Rollout"), encoding="utf-8")
    assert digest(load(copy)) != digest(beijing)


def test_an_edition_installed_before_the_dictionary_keeps_its_content_and_digest() -> None:
    former = former_beijing()
    assert digest(former) == FORMER_DIGEST
    assert from_content(content(former)) == former
    assert (former.dictionary, former.checks) == ((), ())
    assert len(former.form_by_id["community"].fields) == 40


def test_fields_of_the_former_edition_mean_the_same(beijing: Pack) -> None:
    def meaning(pack: Pack) -> dict[tuple[str, str], tuple[object, ...]]:
        return {
            (form.id, field.id): (
                field.type, str(field.label), field.unit, field.decimals, field.required, field.sensitivity,
                [choice.value for choice in field.choices],
            )
            for form in former_beijing().forms
            for field in (pack.form_by_id[form.id].field(one.id) for one in form.fields)
        }  # fmt: skip

    assert meaning(beijing) == meaning(former_beijing())


def test_beijing_asks_of_thirteen_groups_on_four_levels(beijing: Pack) -> None:
    assert {form.id: (form.level, form.sort, len(form.fields)) for form in beijing.forms} == {
        "community": ("community", None, 101),
        "compound": ("compound", None, 26),
        "building": ("building", None, 11),
        "lift": ("facility", "lift", 7),
        "drainage-spot": ("facility", "drainage-spot", 7),
        "old-tree": ("facility", "old-tree", 8),
        "heritage-site": ("facility", "heritage-site", 7),
    }
    kinds = {field.type for form in beijing.forms for field in form.fields}
    assert kinds >= {"file", "position", "table"}
    required = {field.id for form in beijing.forms for field in form.fields if field.required}
    assert required == {
        "households", "co_creation_mechanism", "deliberation_platform", "smart_security", "education_system",
        "convention_published", "name", "number", "property_kind", "waste_sorting",
    }  # fmt: skip


def test_every_field_that_is_no_register_entry_says_how_long_it_stays_valid(beijing: Pack) -> None:
    asked = [field for form in beijing.forms if form.level == "community" for field in form.fields]
    assert [field.id for field in asked if field.valid_months is None] == []
    assert all(group.note is not None for group in beijing.dictionary)


def test_a_copy_with_other_parts_keeps_nothing_worked_out_of_the_old_ones(beijing: Pack) -> None:
    form = beijing.form_by_id["community"]
    assert len(form.fields) > len(form.sections[0].fields)
    short = form.model_copy(update={"sections": form.sections[:1]})
    assert short.fields == form.sections[0].fields
    other = beijing.model_copy(update={"facts": beijing.facts[:1]})
    assert [*other.fact_by_id] == [beijing.facts[0].id]
    assert len(beijing.fact_by_id) == len(beijing.facts)
