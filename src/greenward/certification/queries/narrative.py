"""A first draft of the community's narrative, from what is known; the community edits it."""

from django.utils import translation
from django.utils.translation import gettext as _

from greenward.assessment.engine.status import Status
from greenward.certification.queries.readiness import Readiness


def drafted(readiness: Readiness) -> str:
    """Return a draft in Chinese: one paragraph an area, each sentence from a known fact."""
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
        files = sum(len(uses) for uses in readiness.uses.values())
        paragraphs.append(_("共附材料 %(files)d 份。") % {"files": files})
        return "\n".join(paragraphs)
