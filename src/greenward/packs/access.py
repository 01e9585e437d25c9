"""Who may write drafts of a territory's editions, and who may publish one: never somebody who wrote it."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.packs.diff import compare
from greenward.packs.loader.loading import from_content
from greenward.packs.models import Draft, DraftChange, InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.states import EDITABLE, MOVES, DraftState
from greenward.territories.access import check_may, may, reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.roles import Permission

WRITES = Permission.INSTALL_PACKS


class SecondPersonError(NotAllowedError):
    """Whoever wrote a draft may not publish it."""

    code = "second_person_needed"


class EditionTakenError(ConflictError):
    """The edition is installed with other content; an edition never changes."""

    code = "pack_edition_taken"


class StandardAloneError(InvalidInputError):
    """The folder holds a standard without a programme: there is nothing to put in force."""

    code = "pack_standard_alone"


def path_of(territory: str) -> str:
    """Return the path of a territory today; a code that is no place has no path, and nobody a right at it."""
    versions = PlaceVersion.objects.filter(place__code=territory, during__contains=clock.today())
    return versions.values_list("path", flat=True).first() or f"{territory}/"


def may_write_anywhere(user: User | AnonymousUser) -> bool:
    """Tell whether there is any territory whose editions the person may write."""
    return bool(reach_of(user).paths(WRITES))


def may_write(user: User | AnonymousUser, territory: str) -> bool:
    """Tell templates whether the person may write editions of a territory."""
    return may(user, WRITES, path_of(territory))


def check_may_write(by: User, territory: str) -> None:
    """Raise NotAllowedError unless ``by`` may write editions of a territory."""
    check_may(by, WRITES, path_of(territory))


def is_author(user: User | AnonymousUser, draft: Draft) -> bool:
    """Tell whether the person made, changed or submitted the draft."""
    if user.pk in {draft.created_by_id, draft.submitted_by_id}:
        return True
    return DraftChange.objects.filter(draft=draft, by=user.pk).exists()


def check_may_decide(by: User, draft: Draft) -> None:
    """Raise NotAllowedError without the right, SecondPersonError for an author of the draft."""
    check_may_write(by, draft.territory)
    if is_author(by, draft):
        raise SecondPersonError(
            _("编写或提交过这份草稿的人不能发布它。"), hint=_("请另一位有权安装方案包的同事复核。")
        )


def can(draft: Draft, verb: str) -> bool:
    """Tell whether a draft's state allows a move."""
    return draft.state in MOVES[verb][0]


def check_can(draft: Draft, verb: str) -> None:
    """Raise ConflictError where the draft's state does not allow a move."""
    if not can(draft, verb):
        _refuse(draft)


def check_can_edit(draft: Draft) -> None:
    """Raise ConflictError where the draft's texts are closed."""
    if draft.state not in EDITABLE:
        _refuse(draft)


def _refuse(draft: Draft) -> None:
    state = DraftState(draft.state).label
    raise ConflictError(
        _("草稿“{title}”现在是“{state}”，不能这样做。").format(title=draft.title, state=state),
        hint=_("请刷新页面，看看是谁在什么时候改了状态。"),
        state=draft.state,
    )


def check_holds_programme(pack: Pack) -> None:
    """Raise StandardAloneError for a standard without a programme."""
    if pack.manifest.holds == "standard":
        raise StandardAloneError(
            _("“{pack}”只有标准，没有方案，不能安装。").format(pack=pack.manifest.id),
            hint=_("补齐阶段、目标、任务、流程和表，并删去 holds: standard。"),
        )


def check_edition_is_free(pack: Pack) -> None:
    """Raise EditionTakenError when the edition's number is installed already."""
    taken = InstalledPack.objects.filter(pack_id=pack.manifest.id, edition=pack.manifest.edition).first()
    if taken is not None:
        changes = [str(change) for change in compare(from_content(taken.content), pack)]
        raise EditionTakenError(
            _("{pack} 已安装，内容不同：{changes}").format(pack=taken, changes="；".join(changes[:10])),
            hint=_("已安装的版次不能改。请在 pack.yaml 里写新的 edition，再安装。"),
            changes=changes,
        )
