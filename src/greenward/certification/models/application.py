"""An application for recognition, its frozen snapshots, and every move that it made."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from greenward.certification.states import APPLYING, MOVES, OPEN, RECOMMENDING, ApplicationState
from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.territories.models import Place

PAIRS = sorted({(begin.value, move.ends.value) for move in MOVES.values() for begin in move.begins})
ALLOWED = ", ".join(f"('{begin}', '{end}')" for begin, end in PAIRS)
BEFORE = ", ".join(f"'{verb}'" for verb in sorted(APPLYING | RECOMMENDING))
DECIDING = "'approve', 'refuse'"


@track(exclude=["narrative"])
class Application(models.Model):
    """One community's application (申报) in a programme.

    ``step`` is the id of the route's step at which it stands; ``version`` grows with every change, so that
    who decides says what they saw. ``due_on`` is the last day for who must act now, None where the route
    sets none. ``narrative`` is the community's own words. The database lets the state change only along
    the table of moves, and only one application of a community be open.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="applications")
    place = models.ForeignKey(Place, models.PROTECT, related_name="applications")
    state = models.CharField(
        _("状态"), max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    step = models.CharField(_("环节"), max_length=60)
    version = models.PositiveIntegerField(default=1)
    narrative = models.TextField(_("申报说明"), blank=True)
    opened_at = models.DateTimeField(_("开始时间"))
    moved_at = models.DateTimeField(_("办理时间"))
    due_on = models.DateField(_("办理期限"), null=True)

    class Meta:
        verbose_name = _("申报")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "place"],
                name="application_open_once",
                condition=models.Q(state__in=sorted(state.value for state in OPEN)),
            )
        ]
        indexes = [
            models.Index(fields=["programme", "state", "due_on"], name="application_queue"),
            models.Index(fields=["place"], name="application_place"),
            models.Index(fields=["due_on", "moved_at", "id"], name="application_due_first"),
            models.Index(fields=["moved_at", "id"], name="application_longest_first"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moves_by_the_table",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]  # pgtrigger leaves it bare
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=(
                    f"IF (OLD.state, NEW.state) NOT IN ({ALLOWED}) THEN"
                    " RAISE EXCEPTION 'an application cannot go from % to %', OLD.state, NEW.state;"
                    " END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="recognised_with_a_title",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]  # the library has no annotation here
                condition=pgtrigger.Q(new__state=ApplicationState.RECOGNISED),
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM certification_title WHERE application_id = NEW.id) THEN"
                    " RAISE EXCEPTION 'recognised without a title'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.state}"


class Snapshot(models.Model):
    """What an application rested on when it was signed and handed in. Never changed.

    ``content`` is the standard's edition, facts, uses of evidence with their hashes, the explanation of
    every item and the narrative; ``digest`` is SHA-256 over its canonical JSON; ``signature`` is the
    server's over digest, signer and moment.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    edition = models.CharField(max_length=120)
    standard_digest = models.CharField(max_length=64)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    signed_name = models.CharField(max_length=150)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="snapshot_number_once")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.number} {self.digest[:12]}"


class ApplicationMove(models.Model):
    """A move that an application made: who, when, where to, and why. Append-only.

    ``step`` is where the application stood. Who applied or recommended cannot decide: the database refuses.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=ApplicationState)
    step = models.CharField(max_length=60)
    note = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", []), editable=False
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["transaction"], name="application_move_transaction")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="decided_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    f"IF NEW.verb IN ({DECIDING}) AND EXISTS (SELECT 1 FROM certification_applicationmove"  # noqa: S608 - our own words
                    " WHERE application_id = NEW.application_id AND by_id = NEW.by_id"
                    f" AND verb IN ({BEFORE})) THEN"
                    " RAISE EXCEPTION 'who applied or recommended cannot decide'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verb}"
