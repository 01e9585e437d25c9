"""Questions about evidence as to-dos of those who review it."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.duties import todos
from greenward.duties.todos import ToDo
from greenward.evidence.queries import pairs_under
from greenward.territories.access import reach_of
from greenward.territories.queries import places_for
from greenward.territories.roles import Permission

KIND = "evidence-questions"


def question_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield a line for each place where the person reviews evidence and questions are open."""
    paths = reach_of(user).paths(Permission.REVIEW_EVIDENCE)
    for place in places_for(user, on=on).filter(path__in=paths).order_by("path"):
        number = sum(not pair.answered for pair in pairs_under(place.path))
        if number:
            yield ToDo(
                KIND,
                key=place.place.code,
                what=_("答复材料疑问"),
                where=place.short_name,
                url=reverse("evidence:questions", args=[place.place.code]),
                why=_("相同或相近的图片、文件在别处也用了"),
                count=number,
            )


QUESTIONS = todos.Kind(
    KIND, gettext_lazy("材料疑问"), 40, frozenset({Permission.REVIEW_EVIDENCE}), question_todos
)
