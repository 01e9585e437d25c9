"""Names: each defined once, each reference leading somewhere."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from greenward.packs.loader.marks import Gathering, Mention
from greenward.packs.loader.problems import Problem, did_you_mean, problem_at
from greenward.packs.schema.shape import Defines, Refers

HOMES = {
    "document": "pack",
    "clause": "clauses",
    "target": "targets",
    "duty": "duties",
    "department": "departments",
    "area": "standard",
    "item": "standard",
    "level": "standard",
    "fact": "facts",
    "form": "form",
    "case": "case",
}
"""The kind of file that defines each kind of name."""


def check_names(gathering: Gathering, unread: set[str]) -> Iterator[Problem]:
    """Yield names defined twice and references to nothing."""
    yield from _duplicates(gathering)
    yield from _broken(gathering, unread)
    yield from _shadowed(gathering)


def _duplicates(gathering: Gathering) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], Mention] = {}
    by_standing = sorted(gathering.mentions, key=lambda each: each.sheet.kind.name == "refinement")
    for mention in by_standing:  # where a district takes a number of the city, the district's is the fault
        if not isinstance(mention.mark, Defines):
            continue
        key = (mention.mark.kind, mention.value, *_scope(mention))
        first = seen.setdefault(key, mention)
        if first is not mention:
            sentence = _("“{name}”已在 {file} 第{line}行定义过；请改名或删去。").format(
                name=mention.value, file=first.sheet.file, line=first.node.start_mark.line + 1
            )
            yield problem_at(mention.sheet.file, mention.node.start_mark, "duplicate_id", sentence)


def _scope(mention: Mention) -> tuple[object, ...]:
    within = mention.mark.within if isinstance(mention.mark, Defines) else "pack"
    if within == "file":
        return (mention.sheet.file,)
    return (mention.sheet.file, *mention.path[:-2]) if within == "list" else ()


def _broken(gathering: Gathering, unread: set[str]) -> Iterator[Problem]:
    """Yield references to nothing; a file that could not be read would make every reference to it one."""
    for mention in gathering.mentions:
        if not isinstance(mention.mark, Refers) or HOMES[mention.mark.kind] in unread:
            continue
        known = gathering.names(mention.mark.kind)
        if mention.value not in known:
            sentence = _("没有名为“{name}”的{kind}。{hint}").format(
                name=mention.value,
                kind=KIND_WORDS[mention.mark.kind](),
                hint=did_you_mean(mention.value, known),
            )
            yield problem_at(mention.sheet.file, mention.node.start_mark, "broken_reference", sentence)


def _shadowed(gathering: Gathering) -> Iterator[Problem]:
    """Yield parameters and places among peers that bear the name of a fact, or of each other."""
    facts, parameters = gathering.names("fact"), gathering.names("parameter")
    for kind, taken in (("parameter", facts), ("peer", facts | parameters)):
        for mention in gathering.defined(kind):
            if mention.value in taken:
                sentence = _("“{name}”已是一个事实或参数的名字；请另取名。").format(name=mention.value)
                yield problem_at(mention.sheet.file, mention.node.start_mark, "duplicate_id", sentence)


KIND_WORDS: dict[str, Callable[[], str]] = {
    "document": lambda: pgettext("kind", "文件"),
    "clause": lambda: pgettext("kind", "条款"),
    "target": lambda: pgettext("kind", "目标"),
    "duty": lambda: pgettext("kind", "任务"),
    "department": lambda: pgettext("kind", "部门"),
    "area": lambda: pgettext("kind", "领域"),
    "item": lambda: pgettext("kind", "项"),
    "level": lambda: pgettext("kind", "等级"),
    "fact": lambda: pgettext("kind", "事实"),
    "form": lambda: pgettext("kind", "表"),
    "case": lambda: pgettext("kind", "案例"),
}
