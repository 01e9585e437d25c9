"""What can be wrong with a rule: a stable code, a place in its text, a sentence that says what is right.

The sentences are Chinese templates. To show one in another language, translate `template` and format it
with `data`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue of English; the engine itself translates nothing."""
    return sentence


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "empty_rule": gettext_noop("规则是空的：请写一个是/否条件，例如 has_plan && households > 0。"),
        "rule_too_long": gettext_noop("规则有 {length} 个字符，上限是 {limit} 个：请拆成几条规则。"),
        "rule_too_deep": gettext_noop("规则嵌套超过 {limit} 层：请拆成几条规则，或去掉多余的括号。"),
        "rule_too_large": gettext_noop(
            "规则展开后有 {size} 个部分，上限 {limit}：条件、计数、清单嵌套太多，请拆开。"
        ),
        "unexpected_character": gettext_noop("规则里不能写“{found}”。"),
        "full_width_character": gettext_noop("“{found}”是全角符号：请用半角的 {narrow}。"),
        "unquoted_text": gettext_noop(
            "“{found}”不能出现在名字里：名字只用小写字母、数字和下划线；文字要加引号。"
        ),
        "single_sign": gettext_noop("没有运算符“{found}”：请写 {right}。"),
        "unclosed_text": gettext_noop("文字没有结束：缺少引号 {quote}。"),
        "unexpected_end": gettext_noop("规则没有写完：还缺一个值或右括号。"),
        "expected_sign": gettext_noop("这里写的是“{found}”，应当是 {sign}。"),
        "expected_value": gettext_noop("这里写的是“{found}”，应当是一个事实、值、函数或括号。"),
        "expected_end": gettext_noop("这里写的是“{found}”，应当是运算符或规则的结尾。"),
        "expected_fact": gettext_noop("has(…) 问的是一个事实有没有资料：括号里应当只写事实的名字。"),
        "expected_list": gettext_noop("这里应当是方括号里的清单，例如 [a, b]。"),
        "chained_comparison": gettext_noop("比较不能连写：请写成 a < b && b < c，或加括号。"),
        "invalid_date": gettext_noop("“{found}”不是日期：请写成 date('2022-01-01')。"),
        "number_too_large": gettext_noop("数字 {found} 太大：整数的绝对值不超过 9007199254740992。"),
        "unknown_function": gettext_noop("没有函数“{found}”。可用的函数：{known}。"),
        "wrong_argument_count": gettext_noop(
            "函数 {function} 的参数个数不对（{found} 个）：请写成 {usage}。"
        ),
        "unknown_fact": gettext_noop("没有名为“{found}”的事实。最接近的名字：{nearest}。"),
        "type_mismatch": gettext_noop("“{text}”是{found}，这里应当是{expected}。"),
        "incomparable": gettext_noop("{left}不能与{right}比较：两边应当是同一类。"),
        "unordered": gettext_noop("{found}没有大小，只能用 == 或 !=。"),
        "compared_with_null": gettext_noop(
            "与 null 比较的结果总是未知：要问有没有资料，请写 has(…) 或 !has(…)。"
        ),
        "value_out_of_range": gettext_noop(
            "事实“{fact}”的值 {value} 超出范围：数的绝对值不超过 9007199254740992。"
        ),
        "unknown_kind": gettext_noop("事实“{fact}”的值是 {found}，规则只认 bool、int、number、date、text。"),
    }
)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault in a rule: code, 1-based line and column in the rule's text, and data for the sentence."""

    code: str
    line: int
    column: int
    data: Mapping[str, object]

    @property
    def template(self) -> str:
        """The Chinese sentence with its named places."""
        return TEMPLATES[self.code]

    @property
    def message(self) -> str:
        """The Chinese sentence: what is wrong and what would be right."""
        return self.template.format_map(self.data)

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.message}"


class RuleError(ValueError):
    """A rule that cannot be read, or facts that it cannot be applied to."""

    def __init__(self, problem: RuleProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.code = problem.code
        self.line = problem.line
        self.column = problem.column
        self.data = problem.data
        self.message = problem.message
