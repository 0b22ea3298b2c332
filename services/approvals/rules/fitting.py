"""Whether a chain fits its subject: it looks only at what a request tells, and leaves to the applicant only what they
are asked."""

from collections.abc import Mapping

from kit.errors import Invalid
from kit.expression import BadExpression
from models.enums import FactKind
from services.approvals.rules import conditions
from services.approvals.rules.chains import Chain, Node, choice_of
from services.approvals.rules.conditions import Condition, Fact


def check_fields(chain: Chain, fields: Mapping[str, Fact]) -> None:
    """`Invalid` naming the first node that looks at an unknown field, or at a field in a way that does not fit it."""
    for node in chain.walk():
        for condition in (one for group in node.when for one in group):
            _check_comparison(node, condition, fields)
        for text in filter(None, (node.condition, node.test)):
            _check_expression(node, text, fields)
        for name in (one.field for one in node.approvers if one.field):
            if name not in fields or fields[name].kind is not FactKind.PERSON:
                raise Invalid(f"环节“{node.name}”的审批人字段 {name} 不是人员字段，请另选")


def check_choices(chain: Chain) -> None:
    """`Invalid` naming the first node whose approvers the applicant would choose, where nobody asks them to."""
    for node in chain.walk():
        if choice_of(node):
            raise Invalid(f"环节“{node.name}”不能由申请人自选：这种申请的表单没有选审批人的地方，请换一种方式")


def _check_comparison(node: Node, condition: Condition, fields: Mapping[str, Fact]) -> None:
    if condition.field not in fields:
        known = "、".join(f"{name}（{fact.title}）" for name, fact in fields.items())
        raise Invalid(f"环节“{node.name}”用了没有的字段 {condition.field}，可用：{known or '无'}")
    if not condition.fits(fields[condition.field].kind):
        raise Invalid(f"环节“{node.name}”里 {condition.field} 的比较方式或值不对")


def _check_expression(node: Node, text: str, fields: Mapping[str, Fact]) -> None:
    try:
        conditions.parse(text, fields)
    except BadExpression as error:
        raise Invalid(f"环节“{node.name}”：{error}") from None
