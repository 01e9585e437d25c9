"""Operations on places: before and after their day figures differ properly; bad ones are refused whole."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.territories import actions, queries
from greenward.territories.actions import NewPlace
from greenward.territories.models import (
    Alias,
    Kind,
    Level,
    Place,
    PlaceEvent,
    PlaceVersion,
    Succession,
    UrbanStatus,
)
from tests.factories import territories as make

DAY, BEFORE, AFTER = date(2022, 6, 1), date(2022, 5, 31), date(2022, 7, 1)
AT = datetime(2022, 9, 15, 9, tzinfo=UTC)
WHEN: dict[str, Any] = {"on": DAY, "reason": "市政府批复", "by": None, "at": AT}

Tree = dict[str, Place]


@pytest.fixture
def tree(db: None) -> Tree:
    return make.place_tree()


def state() -> tuple[object, ...]:
    """Everything that an operation writes."""
    return (
        list(PlaceVersion.objects.order_by("pk").values()),
        list(UrbanStatus.objects.order_by("pk").values()),
        Place.objects.count(),
        PlaceEvent.objects.count(),
        Succession.objects.count(),
        Alias.objects.count(),
        AuditEntry.objects.count(),
    )


def refused(kind: type[GreenwardError], act: Callable[[], object]) -> GreenwardError:
    """Return the refusal, having seen that it changed nothing."""
    before = state()
    with pytest.raises(kind) as caught:
        act()
    assert state() == before
    assert caught.value.hint
    return caught.value


def urban(day: date) -> int:
    return queries.summary(day).urban_communities


def names(place: Place) -> list[tuple[str, date | None, date | None]]:
    return [(v.name, v.during.lower, v.during.upper) for v in queries.names_of(place)]


def path_on(place: Place, day: date) -> str:
    version = queries.version_on(place, day)
    assert version is not None
    return version.path


def test_rename_holds_from_its_day(tree: Tree) -> None:
    actions.rename(tree[make.COMMUNITY], "朝霞社区居委会", **WHEN)
    assert names(tree[make.COMMUNITY]) == [
        ("一里社区居委会", None, DAY),
        ("朝霞社区居委会", DAY, None),
    ]
    assert queries.version_on(tree[make.COMMUNITY], AFTER).initials == "zxsq"  # type: ignore[union-attr]
    assert "一里社区居委会" in {alias.text for alias in tree[make.COMMUNITY].aliases.all()}


def test_rename_writes_one_event_and_one_audit_row(tree: Tree) -> None:
    actions.rename(tree[make.COMMUNITY], "朝霞社区居委会", **WHEN)
    assert [entry.kind for entry in queries.history_of(tree[make.COMMUNITY])] == ["rename", "import"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("territories.rename", f"territories.place:{make.COMMUNITY}")
    assert entry.scope == path_on(tree[make.COMMUNITY], DAY)
    assert entry.data["old"] == "一里社区居委会"


def test_second_change_of_a_day_corrects_the_first(tree: Tree) -> None:
    actions.rename(tree[make.COMMUNITY], "朝霞社区居委会", **WHEN)
    actions.rename(tree[make.COMMUNITY], "晚霞社区居委会", **WHEN)
    assert names(tree[make.COMMUNITY]) == [("一里社区居委会", None, DAY), ("晚霞社区居委会", DAY, None)]


def test_create_counts_from_its_day(tree: Tree) -> None:
    new = NewPlace("990101001003", "三里社区居委会")
    version = actions.create(new, parent=tree[make.STREET], **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 5)
    assert version.path == f"{make.CITY}/{make.DISTRICT}/{make.STREET}/990101001003/"
    assert version.kind == Kind.RESIDENTS_COMMITTEE


def test_village_does_not_count(tree: Tree) -> None:
    actions.create(NewPlace("990102100202", "河湾村委会"), parent=tree[make.TOWN], **WHEN)
    assert urban(DAY) == 4


def test_close_ends_the_count(tree: Tree) -> None:
    actions.close(tree[make.SECOND], **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 3)
    assert queries.version_on(tree[make.SECOND], DAY) is None


def test_merge_into_one_of_them(tree: Tree) -> None:
    actions.merge([tree[make.COMMUNITY], tree[make.SECOND]], into=tree[make.COMMUNITY], **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 3)
    assert queries.successors(tree[make.SECOND]) == [tree[make.COMMUNITY]]
    assert queries.predecessors(tree[make.COMMUNITY]) == [tree[make.SECOND]]
    assert queries.version_on(tree[make.SECOND], DAY) is None


def test_merge_into_a_new_place(tree: Tree) -> None:
    new = NewPlace("990101001004", "一二里社区居委会")
    version = actions.merge([tree[make.COMMUNITY], tree[make.SECOND]], into=new, **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 3)
    assert queries.predecessors(version.place) == [tree[make.COMMUNITY], tree[make.SECOND]]
    assert version.parent == tree[make.STREET]


def test_merged_streets_hand_over_what_lies_below(tree: Tree) -> None:
    compound = actions.create_units(
        {tree[make.COMMUNITY]: ["花园小区"]}, Level.COMPOUND, reason="摸底", by=None, at=AT
    )[0]
    actions.merge([tree[make.STREET]], into=tree[make.OTHER_STREET], **WHEN)
    above = f"{make.CITY}/{make.DISTRICT}/{make.OTHER_STREET}/{make.COMMUNITY}/"
    assert path_on(tree[make.COMMUNITY], DAY) == above
    assert path_on(compound.place, DAY) == f"{above}{make.COMMUNITY}-001/"
    assert (
        path_on(compound.place, BEFORE)
        == f"{make.CITY}/{make.DISTRICT}/{make.STREET}/{make.COMMUNITY}/{make.COMMUNITY}-001/"
    )
    found = {day: queries.summary(day) for day in (BEFORE, DAY)}
    assert (found[BEFORE].streets, found[DAY].streets) == (2, 1)
    assert found[DAY].urban_communities == 4


def test_split_into_new_places(tree: Tree) -> None:
    new = [NewPlace("990101001005", "东里社区居委会"), NewPlace("990101001006", "西里社区居委会")]
    actions.split(tree[make.COMMUNITY], into=new, **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 5)
    assert [p.code for p in queries.successors(tree[make.COMMUNITY])] == ["990101001005", "990101001006"]


def test_split_off_keeps_the_old_place(tree: Tree) -> None:
    new = [NewPlace("990101001005", "东里社区居委会")]
    actions.split(tree[make.COMMUNITY], into=new, keep=True, **WHEN)
    assert urban(DAY) == 5
    assert queries.version_on(tree[make.COMMUNITY], DAY) is not None


def test_split_street_needs_a_place_for_each_community(tree: Tree) -> None:
    new = [NewPlace("990101003000", "南街街道"), NewPlace("990101004000", "北街街道")]
    found = refused(
        ConflictError,
        lambda: actions.split(tree[make.STREET], into=new, below={make.COMMUNITY: "990101003000"}, **WHEN),
    )
    assert found.data == {"codes": [make.SECOND]}
    both = {make.COMMUNITY: "990101003000", make.SECOND: "990101004000"}
    actions.split(tree[make.STREET], into=new, below=both, **WHEN)
    assert path_on(tree[make.SECOND], DAY) == f"{make.CITY}/{make.DISTRICT}/990101004000/{make.SECOND}/"
    assert (queries.summary(BEFORE).streets, queries.summary(DAY).streets) == (2, 3)


def test_move_takes_everything_below_along(tree: Tree) -> None:
    actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], **WHEN)
    before = {d.code: d.urban_communities for d in queries.summary(BEFORE).by_district}
    after = {d.code: d.urban_communities for d in queries.summary(DAY).by_district}
    assert before == {make.DISTRICT: 3, make.OTHER_DISTRICT: 1}
    assert after == {make.DISTRICT: 1, make.OTHER_DISTRICT: 3}
    assert (
        path_on(tree[make.SECOND], DAY) == f"{make.CITY}/{make.OTHER_DISTRICT}/{make.STREET}/{make.SECOND}/"
    )


def test_move_and_back_leaves_three_periods(tree: Tree) -> None:
    actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], **WHEN)
    actions.move(tree[make.STREET], to=tree[make.DISTRICT], **{**WHEN, "on": AFTER})
    found = [
        (v.during.lower, v.during.upper, v.path.split("/")[1]) for v in queries.names_of(tree[make.SECOND])
    ]
    assert found == [
        (None, DAY, make.DISTRICT),
        (DAY, AFTER, make.OTHER_DISTRICT),
        (AFTER, None, make.DISTRICT),
    ]


def test_urban_status_is_dated_and_has_a_reason(tree: Tree) -> None:
    actions.set_urban_status(tree[make.VILLAGE], counts=True, **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 5)
    rows = (
        tree[make.VILLAGE]
        .urban_statuses.order_by("during")
        .values_list("counts_as_urban_community", "reason")
    )
    assert list(rows) == [(False, "测试"), (True, "市政府批复")]


def test_village_becomes_an_urban_community_under_a_new_code(tree: Tree) -> None:
    new = NewPlace("990102100003", "河口社区居委会")
    found = refused(InvalidInputError, lambda: actions.merge([tree[make.VILLAGE]], into=new, **WHEN))
    assert found.data == {"field": "counts"}
    said = NewPlace(new.code, new.name, counts=True)
    actions.merge([tree[make.VILLAGE]], into=said, **WHEN)
    assert (urban(BEFORE), urban(DAY)) == (4, 5)


def test_compounds_get_the_next_numbers(tree: Tree) -> None:
    first = actions.create_units(
        {tree[make.COMMUNITY]: ["甲园", "乙园"]}, Level.COMPOUND, reason="摸底", by=None, at=AT
    )
    again = actions.create_units(
        {tree[make.COMMUNITY]: ["丙园"]}, Level.COMPOUND, reason="摸底", by=None, at=AT
    )
    assert [v.place.code for v in (*first, *again)] == [f"{make.COMMUNITY}-00{n}" for n in (1, 2, 3)]


BAD: dict[str, tuple[type[GreenwardError], Callable[[Tree], object]]] = {
    "no reason": (
        InvalidInputError,
        lambda t: actions.rename(t[make.SECOND], "甲社区", on=DAY, reason=" ", by=None, at=AT),
    ),
    "same name": (InvalidInputError, lambda t: actions.rename(t[make.SECOND], "二里社区居委会", **WHEN)),
    "code used": (
        ConflictError,
        lambda t: actions.create(NewPlace(make.SECOND, "甲社区"), parent=t[make.STREET], **WHEN),
    ),
    "not a code": (
        InvalidInputError,
        lambda t: actions.create(NewPlace("12", "甲社区"), parent=t[make.STREET], **WHEN),
    ),
    "kind against the code": (
        InvalidInputError,
        lambda t: actions.create(
            NewPlace("990101001201", "甲社区", Kind.RESIDENTS_COMMITTEE), parent=t[make.STREET], **WHEN
        ),
    ),
    "community below a district": (
        InvalidInputError,
        lambda t: actions.create(NewPlace("990101001009", "甲社区"), parent=t[make.DISTRICT], **WHEN),
    ),
    "children still open": (ConflictError, lambda t: actions.close(t[make.STREET], **WHEN)),
    "merge with itself": (
        InvalidInputError,
        lambda t: actions.merge([t[make.SECOND]], into=t[make.SECOND], **WHEN),
    ),
    "merge across levels": (
        InvalidInputError,
        lambda t: actions.merge([t[make.SECOND]], into=t[make.OTHER_STREET], **WHEN),
    ),
    "merge into new across parents": (
        InvalidInputError,
        lambda t: actions.merge(
            [t[make.SECOND], t[make.OTHER_COMMUNITY]], into=NewPlace("990101001009", "甲社区"), **WHEN
        ),
    ),
    "split into one": (
        InvalidInputError,
        lambda t: actions.split(t[make.SECOND], into=[NewPlace("990101001009", "甲社区")], **WHEN),
    ),
    "split with a stranger's child": (
        InvalidInputError,
        lambda t: actions.split(
            t[make.STREET],
            into=[NewPlace("990101009000", "甲街道")],
            keep=True,
            below={make.OTHER_COMMUNITY: "990101009000"},
            **WHEN,
        ),
    ),
    "below itself": (InvalidInputError, lambda t: actions.move(t[make.DISTRICT], to=t[make.STREET], **WHEN)),
    "to itself": (InvalidInputError, lambda t: actions.move(t[make.STREET], to=t[make.STREET], **WHEN)),
    "where it is": (ConflictError, lambda t: actions.move(t[make.STREET], to=t[make.DISTRICT], **WHEN)),
    "wrong level above": (
        InvalidInputError,
        lambda t: actions.move(t[make.SECOND], to=t[make.DISTRICT], **WHEN),
    ),
    "status of a street": (
        InvalidInputError,
        lambda t: actions.set_urban_status(t[make.STREET], counts=True, **WHEN),
    ),
    "same status": (
        ConflictError,
        lambda t: actions.set_urban_status(t[make.SECOND], counts=True, **WHEN),
    ),
    "compound twice": (
        ConflictError,
        lambda t: actions.create_units(
            {t[make.SECOND]: ["甲园", "甲园"]}, Level.COMPOUND, reason="摸底", by=None, at=AT
        ),
    ),
    "compound in a street": (
        InvalidInputError,
        lambda t: actions.create_units(
            {t[make.STREET]: ["甲园"]}, Level.COMPOUND, reason="摸底", by=None, at=AT
        ),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_and_changes_nothing(tree: Tree, case: str) -> None:
    kind, act = BAD[case]
    refused(kind, lambda: act(tree))


def test_day_before_the_start_is_refused(tree: Tree) -> None:
    version = actions.create(NewPlace("990101001003", "三里社区居委会"), parent=tree[make.STREET], **WHEN)
    early = {**WHEN, "on": BEFORE}
    found = refused(InvalidInputError, lambda: actions.rename(version.place, "甲社区", **early))
    assert found.data == {"field": "on", "code": "990101001003"}


def test_closed_place_is_refused(tree: Tree) -> None:
    actions.close(tree[make.SECOND], **WHEN)
    refused(InvalidInputError, lambda: actions.rename(tree[make.SECOND], "甲社区", **{**WHEN, "on": AFTER}))


def test_day_with_a_later_change_is_refused(tree: Tree) -> None:
    actions.rename(tree[make.SECOND], "甲社区", **{**WHEN, "on": AFTER})
    found = refused(ConflictError, lambda: actions.rename(tree[make.SECOND], "乙社区", **WHEN))
    assert found.data == {"code": make.SECOND, "later": AFTER}


def test_later_change_below_is_refused(tree: Tree) -> None:
    actions.rename(tree[make.SECOND], "甲社区", **{**WHEN, "on": AFTER})
    found = refused(
        ConflictError, lambda: actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], **WHEN)
    )
    assert found.data == {"code": make.SECOND, "later": AFTER}


def test_close_on_the_day_of_another_change_is_refused(tree: Tree) -> None:
    actions.rename(tree[make.SECOND], "甲社区", **WHEN)
    refused(ConflictError, lambda: actions.close(tree[make.SECOND], **WHEN))


@pytest.mark.parametrize("role", ["district_lead", "street_clerk", "auditor", "city_department"])
def test_who_may_not_change_places_changes_nothing(tree: Tree, role: str) -> None:
    user = make.person()
    where = {"district_lead": make.DISTRICT, "street_clerk": make.STREET}.get(role, make.CITY)
    make.appoint(user, role, tree[where])
    refused(NotAllowedError, lambda: actions.rename(tree[make.SECOND], "甲社区", **{**WHEN, "by": user}))


def test_city_lead_may_and_the_audit_trail_says_who(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "city_lead", tree[make.CITY])
    actions.rename(tree[make.SECOND], "甲社区", **{**WHEN, "by": user})
    assert AuditEntry.objects.get().by == user


def test_move_of_many_needs_no_more_queries(tree: Tree, django_assert_max_num_queries: Any) -> None:
    names = [f"{number}号院" for number in range(200)]
    actions.create_units({tree[make.COMMUNITY]: names}, Level.COMPOUND, reason="摸底", by=None, at=AT)
    with django_assert_max_num_queries(40):
        actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], **WHEN)


def test_alias_needs_a_source_and_finds_the_place(tree: Tree) -> None:
    actions.add_alias(tree[make.SECOND], "二里居", source="民政部门名单", by=None, at=AT)
    user = make.person()
    make.appoint(user, "auditor", tree[make.CITY])
    assert [v.place for v in queries.search_for(user, "二里居", on=DAY)] == [tree[make.SECOND]]
    refused(InvalidInputError, lambda: actions.add_alias(tree[make.SECOND], "二", source="", by=None, at=AT))
    refused(
        ConflictError,
        lambda: actions.add_alias(tree[make.SECOND], "二里居", source="民政部门名单", by=None, at=AT),
    )
