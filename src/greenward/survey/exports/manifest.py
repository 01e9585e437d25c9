"""What stands in every export about the export itself."""

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.survey.exports.chosen import Chosen
from greenward.survey.exports.sums import withheld
from greenward.survey.exports.withholding import rule_in_words


def facts_about(chosen: Chosen) -> list[tuple[str, str]]:
    """Return what a reader must know: place, day, boundaries, what is empty, what was withheld."""
    facts = [
        (_("内容"), "、".join(subject.title for subject in chosen.subjects)),
        (_("范围"), f"{chosen.place.name} {chosen.place.place.code}"),
        (_("截至"), f"{chosen.as_of:%Y-%m-%d}"),
        (_("地方名册"), _("按截至日的名册和区划；社区为当日计入城市社区的（条款 1.1）。")),
        (_("方案包"), chosen.edition),
        (_("导出时间"), f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"),
        (_("空格"), _("不知道，不是 0；表格的行数为 0 是“没有”。")),
        (_("已撤回的导入"), _("不在其中，按撤回前的数据。")),
        (_("人口类字段"), rule_in_words()),
    ]
    hidden = [str(one.label) for subject in chosen.subjects for one in withheld(chosen, subject)]
    if hidden:
        facts.append((_("本次只给合计的字段"), "、".join(dict.fromkeys(hidden))))
    return facts
