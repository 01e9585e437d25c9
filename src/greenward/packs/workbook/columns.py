"""What the workbook's sheets ask: each column with its place in the data, its kind and its headings.

The browser's form of one entry asks the same columns. Headings are Chinese, as the workbooks are.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "long", "rule", "number", "whole", "bool", "choice", "names", "value"]
"""``names``: several names in one cell; ``value``: yes or no, a number, or a text."""

OWNERS = {"national": "国家", "city": "市", "district": "区"}
YES_NO = {"true": "是", "false": "否"}
TAKES = {"rows": "按各行", "stated": "按所列"}
GIVES = {
    "leave_out": "不计入",
    "full_marks": "给满分",
    "peer_mean": "同类平均",
    "forbidden": "照常评",
}
APPROVERS = {"city": "市", "district": "区", "subdistrict": "街道", "community": "社区"}
EVIDENCE_KINDS = {
    "document": "文件",
    "photo": "照片",
    "record": "记录",
    "site_check": "现场核对",
    "data": "数据",
}
FACT_TYPES = {
    "bool": "是否",
    "count": "个数",
    "number": "数值",
    "date": "日期",
    "text": "文字",
    "choice": "选项",
    "judgement": "评判",
}
PARTS = {"band": "分档", "otherwise": "其余", "steps": "按步", "judged": "评审"}
ROUNDINGS = {"down": "舍去", "up": "进一", "nearest": "四舍五入", "exact": "按比例"}
AGGREGATES = {"count": "计数", "count_true": "计是", "sum": "合计"}
RECORD_FIGURES = {"count": "份数", "days": "天数", "last": "最近一天"}
REQUIRES = {"all": "每项都达到", "level": "达到等级"}
BEST = {"highest": "高者优", "lowest": "低者优"}
PLACES = {"place": "名次", "share": "名次占比"}
TIES = {"all_in": "并列都进", "all_out": "并列都不进"}


@dataclass(frozen=True)
class Column:
    """A column: its name, the path in an entry's data, the heading, and what a cell may hold.

    ``choices`` maps what the data hold to what people read; ``refers`` names the list of names that a cell
    must be of; ``also`` are other headings seen in workbooks. ``item_only``: an indicator has none.
    """

    name: str
    path: tuple[str, ...]
    heading: str
    kind: Kind = "text"
    choices: dict[str, str] = field(default_factory=dict)
    refers: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    item_only: bool = False
    of_item: bool = False
    """An item needs it, an indicator takes its item's."""
    width: int = 14

    def needed(self, *, indicator: bool) -> bool:
        """Whether the cell must be filled in."""
        return (self.required and not (indicator and self.item_only)) or (self.of_item and not indicator)


def _both(
    name: str,
    heading: str,
    *,
    also: tuple[str, ...] = (),
    width: int = 30,
    required: bool = False,
    item_only: bool = False,
    of_item: bool = False,
) -> list[Column]:
    """Return the two columns of a text in both languages."""
    return [
        Column(
            f"{name}_{language}", (name, language), heading + behind, "long", also=others, width=width,
            required=required, item_only=item_only, of_item=of_item,
        )
        for language, behind, others in (("zh", "", also), ("en", "（英文）", ()))
    ]  # fmt: skip


JUDGED = [
    Column("rule", ("rule",), "规则文字", "rule", also=("规则", "判定规则"), width=40),
    Column("applies", ("applies",), "仅当（适用条件）", "rule", also=("适用条件", "仅当"), width=24),
    Column("barred_if", ("barred_if",), "一票否决条件", "rule", also=("一票否决", "否决条件"), width=24),
    Column("points", ("points",), "分值", "number", also=("分数", "满分", "标准分", "得分上限"), width=8),
    Column("deducts", ("deducts",), "最多扣分", "number", also=("扣分上限",), width=8),
    Column("guidance", ("guidance",), "仅提倡", "bool", also=("提倡性", "引导性"), width=8),
    Column("na_gives", ("not_applicable", "gives"), "不适用时", "choice", GIVES, width=10),
    Column("na_among", ("not_applicable", "among"), "不适用时的同类", refers="fact"),
    Column("na_approver", ("not_applicable", "approver"), "不适用由谁同意", "choice", APPROVERS),
    Column("na_reason_zh", ("not_applicable", "reason", "zh"), "不适用的理由", "long"),
    Column("na_reason_en", ("not_applicable", "reason", "en"), "不适用的理由（英文）", "long"),
]
READING = [
    Column("takes", ("reading", "takes"), "不一致时", "choice", TAKES, also=("按何理解",)),
    Column("takes_zh", ("reading", "note", "zh"), "理由", "long"),
    Column("takes_en", ("reading", "note", "en"), "理由（英文）", "long"),
]
ROW = [
    *_both("title", "指标要求", also=("要求", "评价内容", "考核内容", "评价指标", "指标内容"), required=True),
    *_both("short", "简称", width=14, item_only=True, required=True),
    Column("clause", ("clause",), "条款", refers="clause", also=("依据条款",), of_item=True, width=8),
    Column("owner", ("owner",), "归属层级", "choice", OWNERS, also=("层级",), width=8),
    Column("version", ("version",), "条目版本", width=8),
    Column(
        "departments", ("departments",), "责任部门", "names", refers="department", also=("部门", "牵头部门"),
        of_item=True, width=20,
    ),
    *JUDGED,
    *_both("how_to", "操作细则", also=("评分细则", "怎么做", "创建要点"), of_item=True),
    *_both("evidence", "评定依据", also=("评价依据", "佐证材料", "查看资料"), of_item=True),
    Column("verified", ("verified",), "文字已核对", "bool", also=("已核对",), width=8),
    *_both("note", "说明", also=("备注",)),
    *READING,
]  # fmt: skip
"""What an item and an indicator have in common."""
PLACED = [
    Column("area", ("area",), "领域", refers="area", also=("一级指标", "类别", "内容领域"), width=16),
    Column("item", ("id",), "项号", also=("项", "序号", "编号"), width=8),
    Column("indicator", ("id",), "指标号", also=("指标编号", "三级指标"), width=8),
    Column("supplement", (), "另行统计", "bool", width=8),
]
SHAPED = [
    Column("shape", (), "判定方式", "choice", width=14),
    Column("fact", (), "事实", refers="fact", width=20),
    Column("over", (), "分母", refers="fact", width=20),
    Column("threshold", (), "门槛", also=("阈值", "标准值"), width=10),
]
"""The rule told by its shape instead of its text."""
INDICATORS = [*PLACED, *ROW[:5], *SHAPED, *ROW[5:]]
AREAS = [
    Column("id", ("id",), "领域代号", required=True, also=("代号",), width=16),
    *_both("title", "领域名称", also=("名称", "领域"), required=True),
    Column("clause", ("clause",), "条款", refers="clause", required=True, width=8),
    Column("items", ("items",), "项数", "whole", also=("应有项数",), width=8),
    Column("points", ("points",), "小计", "number", also=("分值", "领域分值", "分值小计"), width=8),
    Column("cap", ("cap",), "封顶", "number", width=8),
    Column("bonus", ("bonus",), "附加分", "bool", width=8),
    Column("weight", ("weight",), "权重", "number", width=8),
    Column("owner", ("owner",), "归属层级", "choice", OWNERS, width=8),
    Column("version", ("version",), "版本", width=8),
    *READING,
]
SCORES = [
    Column("of", (), "项号或指标号", required=True, also=("项号", "指标号"), width=12),
    Column("part", (), "第几部分", "whole", also=("部分",), width=10),
    Column("way", (), "方式", "choice", PARTS, required=True, width=10),
    Column("what", (), "条件、度量或评判事实", "rule", also=("条件", "度量", "条件或度量"), width=40),
    Column("points", (), "给分或每步", "number", also=("给分", "每步"), width=10),
    Column("start", (), "起点", "number", width=8),
    Column("every", (), "步长", "number", width=8),
    Column("above", (), "从…以上", "number", also=("以上",), width=8),
    Column("below", (), "从…以下", "number", also=("以下",), width=8),
    Column("rounding", (), "不足一步", "choice", ROUNDINGS, width=10),
    Column("least", (), "最少", "number", width=8),
    Column("most", (), "最多", "number", width=8),
]
EVIDENCE = [
    Column("of", (), "项号或指标号", required=True, also=("项号", "指标号"), width=12),
    Column("id", ("id",), "材料代号", required=True, also=("代号",), width=16),
    *_both("title", "材料名称", also=("材料", "名称"), required=True),
    Column("kind", ("kind",), "种类", "choice", EVIDENCE_KINDS, required=True),
    Column("valid_months", ("valid_months",), "有效月数", "whole", also=("有效期",), width=8),
    Column("owner", ("owner",), "归属层级", "choice", OWNERS, width=8),
    Column("version", ("version",), "版本", width=8),
    Column("clause", ("clause",), "条款", refers="clause", width=8),
]
FACTS = [
    Column("id", ("id",), "事实代号", required=True, also=("代号",), width=28),
    *_both("label", "名称", also=("事实名称",), width=24, required=True),
    Column("type", ("type",), "类型", "choice", FACT_TYPES, required=True, width=8),
    Column("unit", ("unit",), "单位", width=8),
    Column("form", ("origin", "form"), "来自哪张表", also=("表",), width=14),
    Column("aggregate", ("origin", "aggregate"), "汇总办法", "choice", AGGREGATES, also=("汇总",)),
    Column("field", ("origin", "field"), "字段", width=24),
    Column("where", ("origin", "where", "field"), "只数哪个字段", width=20),
    Column("any_of", ("origin", "where", "any_of"), "取值为", "names", width=20),
    Column("source", ("origin", "source"), "系统来源", width=14),
    Column("key", ("origin", "key"), "来源里的名称", width=20),
    Column("records", ("origin", "records"), "哪类记录", also=("记录",), width=14),
    Column("record_item", ("origin", "item"), "归在哪一项的记录", width=14),
    Column("record_kind", ("origin", "kind"), "哪一种记录", width=14),
    Column("gives", ("origin", "gives"), "取记录的什么", "choice", RECORD_FIGURES, width=10),
    Column("earlier", ("origin", "earlier"), "取哪个事实以前的值", also=("以前的值",), width=20),
    Column("months", ("origin", "months"), "月数（几个月前，或几个月以内）", "whole", width=8),
    Column("valid_months", ("valid_months",), "有效月数", "whole", width=8),
]
PARAMETERS = [
    Column("id", ("id",), "参数代号", required=True, also=("代号",), width=28),
    *_both("label", "名称", also=("参数名称",), width=24, required=True),
    Column("value", ("value",), "数值", "number", required=True, width=8),
    Column("unit", ("unit",), "单位", required=True, width=8),
    Column("clause", ("clause",), "条款", refers="clause", width=8),
    Column("own_rule", ("own_rule",), "本地自定", "bool", width=8),
    *_both("note", "说明"),
]
LEVELS = [
    Column("id", ("id",), "等级代号", required=True, also=("代号",), width=10),
    *_both("title", "等级名称", also=("名称", "等级"), width=16, required=True),
    Column("needs", ("needs",), "需要", "rule", required=True, also=("条件",), width=50),
    Column("count", ("quota", "count"), "名额", "whole", width=8),
    Column("share", ("quota", "share"), "名额比例", "number", width=8),
    Column("among", ("quota", "among"), "名额按哪个事实分组", refers="fact"),
    Column("ties", ("quota", "ties"), "并列时", "choice", TIES),
    *_both("note", "说明"),
]
PEERS = [
    Column("id", ("id",), "名次代号", required=True, also=("代号",), width=16),
    *_both("title", "名称", width=24, required=True),
    Column("measure", ("measure",), "度量", "rule", required=True, width=30),
    Column("among", ("among",), "同类按哪个事实分", refers="fact"),
    Column("best", ("best",), "哪头好", "choice", BEST, required=True),
    Column("gives", ("gives",), "给出", "choice", PLACES, required=True),
]
WHOLE = [
    Column("id", ("id",), "标准代号", required=True),
    *_both("title", "标准名称", required=True),
    Column("document", ("document",), "依据文件", refers="document", required=True),
    Column("owner", ("owner",), "归属层级", "choice", OWNERS),
    Column("version", ("version",), "版本"),
    Column("verified", ("verified",), "文字已核对", "bool"),
    *_both("note", "说明"),
    Column("requires", ("requires",), "达标要求", "choice", REQUIRES, required=True),
    Column("passes", ("passes",), "达标等级"),
    Column("points", ("points",), "总分", "number"),
    Column("cap", ("cap",), "总分封顶", "number"),
    Column("to", ("rounding", "to"), "总分取整到", "number"),
    Column("way", ("rounding", "way"), "总分取整方式", "choice", ROUNDINGS),
    Column("areas", ("expected", "areas"), "应有领域数", "whole"),
    Column("items", ("expected", "items"), "应有项数", "whole"),
    *READING,
]


@dataclass(frozen=True)
class SheetSpec:
    """A sheet: its name, what the data call its list, its columns, and other names seen for it."""

    name: str
    part: str
    columns: list[Column]
    also: tuple[str, ...] = ()


STANDARD = SheetSpec("标准", "standard", WHOLE, ("标准信息",))
INDICATOR = SheetSpec("指标", "items", INDICATORS, ("评分标准", "指标表", "评价标准", "评分表"))
LISTS = [
    SheetSpec("领域", "areas", AREAS, ("内容领域",)),
    INDICATOR,
    SheetSpec("评分", "score", SCORES, ("给分",)),
    SheetSpec("材料", "evidence_needed", EVIDENCE, ("评定材料", "证明材料")),
    SheetSpec("等级", "levels", LEVELS),
    SheetSpec("名次", "peers", PEERS),
    SheetSpec("事实", "facts", FACTS, ("事实表",)),
    SheetSpec("参数", "parameters", PARAMETERS),
]
