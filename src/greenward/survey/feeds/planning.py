"""What a feed changes, row by row, before anything is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.problems import AnswerError, told
from greenward.survey.answers.single import Answer, from_json, read, to_json
from greenward.survey.answers.words import in_words
from greenward.survey.feeds.delivery import FeedRow, Outcome, RowProblem, said_of_place
from greenward.survey.feeds.locating import Found
from greenward.survey.models import Round
from greenward.survey.sensitivity import Sight
from greenward.survey.submissions.changes import Changes, Occasion, changes_of
from greenward.survey.submissions.history import Held
from greenward.survey.workbooks.settled import Cases
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Knowledge:
    """What rows are held against: entries by place, the round's cases, each place's community.

    ``files`` are the digests that the sender handed in.
    """

    held: Mapping[int, Held]
    cases: Cases
    community: Mapping[int, int]
    files: Collection[str] = frozenset()


@dataclass(frozen=True)
class Written:
    """One entry to write: the place, and its new values as entries keep them."""

    place: PlaceVersion
    values: dict[str, object]


class _RowError(Exception):
    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Planner:
    """Holds rows against what is known; ``form`` is all that can be known of such places.

    ``sight`` is the sender's: a warning may name figures of other departments.
    """

    round: Round
    form: Form
    day: date
    observed_on: date
    knowledge: Knowledge
    sight: Sight

    def plan(self, rows: Sequence[FeedRow], places: Sequence[Found]) -> tuple[list[Written], Outcome]:
        """Return what to write and what came of the rows; rows with problems are not among it."""
        outcome, writing = Outcome(len(rows)), []
        for number, (row, place) in enumerate(zip(rows, places, strict=True), 1):
            try:
                changes = self._row(number, row, place, outcome)
            except _RowError as error:
                outcome.rejected += 1
                outcome.problems += [RowProblem(number, *one) for one in error.problems]
                continue
            if changes is None:
                outcome.unchanged += 1
            else:
                writing.append(changes)
        outcome.written = len(writing)
        return writing, outcome

    def _row(self, number: int, row: FeedRow, place: Found, outcome: Outcome) -> Written | None:
        if isinstance(place, str):
            raise _RowError([("", place, said_of_place(place))])
        held = self.knowledge.held.get(place.place_id) or Held()
        answers, older = self._newer(self._read(row.values), held)
        occasion = Occasion(self.round, self.day, self.observed_on)
        try:
            changes = changes_of(self.form, answers, held, occasion)
        except InvalidInputError as error:
            raise _RowError(_problems_of(error)) from error
        self._check_open(place, changes)
        outcome.older += [RowProblem(number, *one) for one in older]
        outcome.warnings += [
            RowProblem(number, one.fields[0].id, one.check.id, one.shown_to(self.sight, place.path).sentence)
            for one in changes.warnings
        ]
        if not changes.values:
            return None
        return Written(place, {name: to_json(value) for name, value in changes.values.items()})

    def _read(self, values: Mapping[str, object]) -> dict[str, Answer]:
        """Return the answers that there are: a feed that does not know something says nothing of it."""
        answers: dict[str, Answer] = {}
        problems: list[tuple[str, str, str]] = []
        for name, raw in values.items():
            field = self.form.field(name)
            try:
                answer = read(field, raw)
            except AnswerError as error:
                problem = told(field, error)
                problems.append((name, problem.code, problem.message))
                continue
            if field.type == "file" and answer is not None and answer not in self.knowledge.files:
                problems.append((name, "unknown_file", _("没有找到这个附件；请先上传。")))
            elif answer is not None:
                answers[name] = answer
        if problems:
            raise _RowError(problems)
        return answers

    def _newer(
        self, answers: Mapping[str, Answer], held: Held
    ) -> tuple[dict[str, Answer | None], list[tuple[str, str, str]]]:
        """Part what is newer than what is known from what something else was said about since."""
        taken: dict[str, Answer | None] = {}
        older: list[tuple[str, str, str]] = []
        for name, answer in answers.items():
            field = self.form.field(name)
            known = from_json(field, held.now.get(name))
            if known is not None and known != answer and held.true_on[name] > self.observed_on:
                older.append((name, "older_than_known", _older(field, known, held.true_on[name])))
            else:
                taken[name] = answer
        return taken, older

    def _check_open(self, place: PlaceVersion, changes: Changes) -> None:
        cases, community = self.knowledge.cases, self.knowledge.community[place.place_id]
        opened = cases.opened.get(place.place_id, set())
        shut = community in cases.returned and not opened.issuperset(changes.values)
        if changes.values and (community in cases.closed or shut):
            raise _RowError([("", "case_closed", said_of_place("case_closed"))])


def _older(field: Field, known: Answer, day: date) -> str:
    return _("%(day)s 已有更新的数据：%(known)s。") % {"day": day, "known": in_words(field, known)}


def _problems_of(error: InvalidInputError) -> list[tuple[str, str, str]]:
    fields = error.data.get("fields")
    if not isinstance(fields, dict):
        return [("", error.code, str(error.detail))]
    return [(name, str(one["code"]), str(one["message"])) for name, one in fields.items()]
