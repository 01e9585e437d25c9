"""Whether a feed is in shape, and whether its fields are the sending department's own."""

from datetime import date

from django.utils.translation import gettext as _

from greenward.core.clock import FIRST
from greenward.core.errors import InvalidInputError
from greenward.packs.schema.forms import Form
from greenward.packs.schema.pack import Pack
from greenward.survey.feeds.delivery import LONGEST_DATASET, MOST_ROWS, Delivery
from greenward.territories.models import Office


def check_delivery(delivery: Delivery, day: date) -> None:
    """Raise InvalidInputError for a feed without rows or name, with too many, or of a day to come."""
    if not 0 < len(delivery.rows) <= MOST_ROWS:
        raise InvalidInputError(
            _("一次应有 1 到 %(most)d 行，这次有 %(n)d 行。") % {"most": MOST_ROWS, "n": len(delivery.rows)},
            hint=_("请分批发送。"),
            field="rows",
        )
    if not 0 < len(delivery.dataset.strip()) <= LONGEST_DATASET:
        raise InvalidInputError(
            _("数据集的名称应为 1 到 %(most)d 个字。") % {"most": LONGEST_DATASET},
            hint=_("请填写数据集的名称，它会作为来源显示。"),
            field="dataset",
        )
    if not FIRST <= delivery.observed_on <= day:
        raise InvalidInputError(
            _("数据日期 %(day)s 不对：应在今天或以前。") % {"day": delivery.observed_on},
            hint=_("请核对这些数据是哪一天的情况。"),
            field="observed_on",
        )


def check_holder(policy: Pack, form: Form, delivery: Delivery, office: Office) -> None:
    """Raise InvalidInputError naming every field that is unknown, or that another department holds."""
    fields = {field.id: field for field in form.fields}
    wrong: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(name for row in delivery.rows for name in row.values):
        if name not in fields:
            wrong[name] = {"code": "unknown_field", "message": _("表中没有这一项，请核对字段代号。")}
        elif fields[name].holder != office.department:
            wrong[name] = _of_another(policy, fields[name].holder)
    if wrong:
        raise InvalidInputError(
            _("有 %(n)d 个字段不由“%(office)s”提供，没有接收任何数据。")
            % {"n": len(wrong), "office": office.name},
            hint=_("只发送本部门掌握的字段；字段由谁掌握见数据字典。"),
            fields=wrong,
        )


def _of_another(policy: Pack, holder: str | None) -> dict[str, str]:
    department = policy.department_by_slug.get(holder or "")
    if department is None:
        return {"code": "no_holder", "message": _("这一项由社区填报，没有部门掌握。"), "holder": ""}
    message = _("这一项由%(department)s掌握。") % {"department": department.name}
    return {"code": "other_holder", "message": message, "holder": department.slug}
