"""From a draft to an installed edition: one person submits, another one publishes or sends back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.packs import access
from greenward.packs.actions.install import store
from greenward.packs.loader.loading import PackFaultyError, Reading, digest, read
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.states import MOVES, DraftState


@transaction.atomic
def submit(draft: Draft, *, by: User, at: datetime) -> Draft:
    """Hand a sound draft to a second person; its texts are closed from now on.

    Raises NotAllowedError, ConflictError, PackFaultyError with every fault, EditionTakenError.
    """
    draft = _locked(draft)
    access.check_may_write(by, draft.territory)
    access.check_can(draft, "submit")
    pack = _sound(draft)
    draft.submitted_by, draft.submitted_at, draft.submitted_digest = by, at, digest(pack)
    _move(draft, "submit")
    audit.record("packs.submit_draft", draft, by=by, at=at, digest=draft.submitted_digest)
    return draft


@transaction.atomic
def recall(draft: Draft, *, by: User, at: datetime) -> Draft:
    """Take a submitted draft back to go on writing. Raises NotAllowedError, ConflictError."""
    draft = _locked(draft)
    access.check_may_write(by, draft.territory)
    access.check_can(draft, "recall")
    _move(draft, "recall")
    audit.record("packs.recall_draft", draft, by=by, at=at)
    return draft


@transaction.atomic
def send_back(draft: Draft, *, reason: str, by: User, at: datetime) -> Draft:
    """Send a submitted draft back to its authors, saying why. Raises as ``publish``; a reason is needed."""
    draft = _locked(draft)
    access.check_may_decide(by, draft)
    access.check_can(draft, "send_back")
    if not reason.strip():
        raise InvalidInputError(_("请写明退回的理由。"), hint=_("编写人按理由修改。"), field="reason")
    draft.decided_by, draft.decided_at, draft.reason = by, at, reason.strip()
    _move(draft, "send_back")
    audit.record("packs.send_back_draft", draft, by=by, at=at, reason=draft.reason)
    return draft


@transaction.atomic
def publish(draft: Draft, *, by: User, at: datetime) -> InstalledPack:
    """Install a submitted draft as an immutable edition: the second person's word.

    Raises NotAllowedError, SecondPersonError for whoever had a hand in it, ConflictError,
    PackFaultyError, EditionTakenError. Whether it comes into force is another decision.
    """
    draft = _locked(draft)
    access.check_may_decide(by, draft)
    access.check_can(draft, "publish")
    pack = _sound(draft)
    if digest(pack) != draft.submitted_digest:
        raise ConflictError(
            _("草稿与提交时的内容不同。"), hint=_("请编写人撤回，核对后重新提交。"), draft=draft.pk
        )
    edition = store(pack, by=by, at=at)
    draft.decided_by, draft.decided_at, draft.reason, draft.published = by, at, "", edition
    _move(draft, "publish")
    audit.record("packs.publish_draft", draft, by=by, at=at, edition=str(edition), digest=edition.digest)
    return edition


@transaction.atomic
def withdraw(draft: Draft, *, by: User, at: datetime) -> Draft:
    """Lay a draft aside; it stays to be read. Raises NotAllowedError, ConflictError."""
    draft = _locked(draft)
    access.check_may_write(by, draft.territory)
    access.check_can(draft, "withdraw")
    _move(draft, "withdraw")
    audit.record("packs.withdraw_draft", draft, by=by, at=at)
    return draft


def _locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)


def _move(draft: Draft, verb: str) -> None:
    draft.state = DraftState(MOVES[verb][1])
    draft.save()


def _sound(draft: Draft) -> Pack:
    """Return the draft's pack, sound and ready to be an edition of its territory."""
    found: Reading = read(dict(draft.files.values_list("path", "text")))
    if found.pack is None or found.problems:
        raise PackFaultyError(list(found.problems))
    pack = found.pack
    access.check_holds_programme(pack)
    if (pack.manifest.id, pack.manifest.territory) != (draft.pack_id, draft.territory):
        raise InvalidInputError(
            _("pack.yaml 的 id 或 territory 与草稿开始时不同。"),
            hint=_("草稿只能成为同一方案、同一地方的新版次；请改回 {pack}、{territory}。").format(
                pack=draft.pack_id, territory=draft.territory
            ),
        )
    access.check_edition_is_free(pack)
    return pack
