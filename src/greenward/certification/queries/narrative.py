"""A first draft of the community's narrative, from what is known; the community edits it."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from greenward.assessment.engine.status import Status
from greenward.certification.queries.readiness import Readiness


def drafted(readiness: Readiness, former: Sequence[tuple[str, str]] = ()) -> str:
    """Return a draft in Chinese: one paragraph an area, each sentence from a known fact.

    ``former``: what communities that merged into this one, or were split, had written: name and text.
    """
    found = readiness.assessment
    with translation.override("zh-hans"):
        paragraphs = [
            _("%(name)s对照“%(standard)s”申报绿色社区，数据截至 %(day)s。")
            % {
                "name": found.place.short_name,
                "standard": found.pack.standard.title,
                "day": found.as_of.isoformat(),
            }
        ]
        for area in found.areas:
            told = [
                "，".join(f"{one.label}：{one.text}" for one in item.inputs if one.on is not None)
                for item in area.items
                if item.status is Status.MET
            ]
            said = "；".join(one for one in told if one)
            counted = _("%(met)d 项达标") % {"met": area.met}
            paragraphs.append(
                f"{area.area.title}（{counted}）：{said}。" if said else f"{area.area.title}（{counted}）。"
            )
        if files := sum(len(uses) for uses in readiness.uses.values()):
            paragraphs.append(_("各项所附佐证材料共 %(files)d 份。") % {"files": files})
        paragraphs += [
            _("（%(name)s调整前的申报说明，供修改）\n%(text)s") % {"name": name, "text": text}
            for name, text in former
        ]
        return "\n".join(paragraphs)
