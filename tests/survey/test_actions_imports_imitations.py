"""The workbooks of practice, through the whole import: what they say arrives, problems come back marked."""

from collections.abc import Callable

import fastexcel
import pytest

from greenward.core.errors import InvalidInputError
from greenward.survey import actions
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.states import ImportState
from greenward.survey.workbooks.marking.copy import marked_copy
from greenward.survey.workbooks.marking.faults import marks_of
from greenward.survey.workbooks.opening import WorkbookError
from greenward.survey.workbooks.storing import frame_of
from greenward.territories.models import PlaceVersion
from tests.factories import survey as make
from tests.factories import workbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def arrived(form: str) -> dict[tuple[str, str], dict[str, object]]:
    """Return what entries hold by community and, for units, name."""
    names = {one.place_id: one for one in PlaceVersion.objects.select_related("parent", "place")}
    found: dict[tuple[str, str], dict[str, object]] = {}
    for entry in Entry.objects.filter(form=form):
        place = names[entry.place_id]
        own = (place.parent.code, place.name) if entry.level != "community" else (place.place.code, "")
        found[own] = entry.values
    return found


@pytest.mark.parametrize("imitate", workbooks.IMITATIONS, ids=lambda one: one.__name__)
def test_what_it_says_arrives_and_goes_in_once(
    held: Round, imitate: Callable[[], workbooks.Imitation]
) -> None:
    one = imitate()
    files = []
    for _turn in range(2):
        file = actions.preview_import(held, one.form, one.file_name, one.content, by=None, at=make.AT)
        files.append(actions.confirm_import(file, by=None, at=make.AT, only_valid=True))
    values = arrived(one.form)
    for target, said in one.expected.items():
        own = values.get(target, {})
        assert {name: own.get(name) for name in said} == dict(said)
    assert files[1].report["written"] == 0
    assert files[0].report["written"] == Entry.objects.count()


@pytest.mark.parametrize("imitate", workbooks.IMITATIONS, ids=lambda one: one.__name__)
def test_its_marked_copy_comes_back_and_opens(
    held: Round, imitate: Callable[[], workbooks.Imitation]
) -> None:
    one = imitate()
    file = actions.preview_import(held, one.form, one.file_name, one.content, by=None, at=make.AT)
    file = ImportFile.objects.get(pk=file.pk)
    reader = fastexcel.read_excel(marked_copy(file))
    faults = frame_of(file.faults)
    listed = reader.load_sheet(reader.sheet_names[-1], header_row=None, skip_rows=0, dtypes="string")
    assert listed.to_polars().height == faults.height + 1
    marks = marks_of(faults, file.report["columns"])
    assert sum(map(len, marks.values())) <= faults.height
    told = {(p["sheet"], p["row"]) for p in file.report["problems"]}
    assert told <= {(sheet, mark.row) for sheet, found in marks.items() for mark in found}


def test_problems_left_in_stop_the_whole_import(held: Round) -> None:
    one = workbooks.old_macintosh()
    file = actions.preview_import(held, one.form, one.file_name, one.content, by=None, at=make.AT)
    with pytest.raises(InvalidInputError):
        actions.confirm_import(file, by=None, at=make.AT)
    file.refresh_from_db()
    assert (file.state, Entry.objects.count()) == (ImportState.PREVIEWED, 0)


def test_a_file_that_is_refused_leaves_nothing(held: Round) -> None:
    with pytest.raises(WorkbookError):
        actions.preview_import(held, "community", "a.xlsx", b"PK\x03\x04broken", by=None, at=make.AT)
    assert not ImportFile.objects.exists()
