"""Writing the cases of the way up with their moves and the fields that were sent back."""

from collections.abc import Sequence

from greenward.config.demonstration.way import Journey
from greenward.core.bulk import analyse, copy_rows
from greenward.survey.models import Case, ReturnedField, Step
from greenward.survey.states import MOVES

STEP_COLUMNS = ("case_id", "verb", "state", "note", "by_id", "at")
BACK_COLUMNS = ("case_id", "place_id", "form", "field", "reason", "by_id", "at", "settled_at", "answer")


def write(journeys: Sequence[Journey]) -> None:
    """Write the rows that the actions would have written, move by move."""
    copy_rows(
        Case,
        ("round_id", "place_id", "state", "moved_at"),
        [(one.round.pk, one.community.pk, one.state.value, one.moves[-1].at) for one in journeys],
    )
    analyse(Case)  # each move looks its case up
    ids = {(held, place): pk for pk, held, place in Case.objects.values_list("pk", "round_id", "place_id")}
    steps, backs = [], []
    for one in journeys:
        place = one.community.pk
        case = ids[one.round.pk, place]
        steps += [(m.at, (case, m.verb, MOVES[m.verb].ends.value, m.note, m.by, m.at)) for m in one.moves]
        backs += [
            (
                b.at,
                (case, one.community.pk, "community", b.field, b.reason, b.by, b.at, b.settled_at, b.answer),
            )
            for b in one.backs
        ]
    copy_rows(Step, STEP_COLUMNS, [row for _at, row in sorted(steps, key=lambda step: step[0])])
    copy_rows(ReturnedField, BACK_COLUMNS, [row for _at, row in sorted(backs, key=lambda back: back[0])])
    analyse(Step, ReturnedField)
