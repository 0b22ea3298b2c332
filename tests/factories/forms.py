"""Forms: those the product comes with, and a small one of every type of field."""

import json
from typing import Any

from services import forms, people, platform

EVERYTHING: dict[str, Any] = {
    "title": "全类型",
    "fields": [
        {"name": "words", "title": "文字", "type": "text", "is_required": True, "is_on_card": True},
        {"name": "story", "title": "段落", "type": "paragraph"},
        {"name": "count", "title": "数量", "type": "number", "places": 1, "least": "0.5", "most": "99", "unit": "个"},
        {"name": "price", "title": "单价", "type": "money", "least": "0"},
        {"name": "total", "title": "总价", "type": "money", "formula": "count * price"},
        {"name": "day", "title": "日期", "type": "date", "check": "day == 0 or day >= today",
         "otherwise": "不能早于今天"},
        {"name": "span", "title": "日期段", "type": "dates"},
        {"name": "halves", "title": "半天段", "type": "half_days"},
        {"name": "one", "title": "单选", "type": "choice", "options": ["甲", "乙"]},
        {"name": "why", "title": "选乙的原因", "type": "text", "is_required": True, "shown_when": "one == \"乙\""},
        {"name": "many", "title": "多选", "type": "choices", "options": ["红", "绿", "蓝"]},
        {"name": "who", "title": "人员", "type": "person"},
        {"name": "place", "title": "部门", "type": "department"},
        {"name": "papers", "title": "附件", "type": "files"},
        {"name": "items", "title": "明细", "type": "table", "is_divisible": True, "columns": [
            {"name": "thing", "title": "名称", "type": "text", "is_required": True},
            {"name": "pieces", "title": "件数", "type": "number", "places": 0, "least": "1"},
            {"name": "each", "title": "单价", "type": "money"},
            {"name": "sum", "title": "小计", "type": "money", "formula": "pieces * each"},
        ]},
        {"name": "private", "title": "仅人事可见", "type": "text", "visible_to": ["applicant", "hr"]},
        {"name": "score", "title": "评分", "type": "number", "formula": "items_sum + total", "visible_to": ["hr"]},
    ],
}  # fmt: skip
DEFINITION = json.dumps(EVERYTHING)


def shipped() -> None:
    """The forms the product comes with."""
    with platform.unit_of_work():
        forms.ensure_forms()


def published(code: str, definition: dict[str, Any]) -> int:
    """Adds the form, or a new version of it; the version."""
    system = people.System("tests")
    with platform.unit_of_work():
        known = {line.code: line.version for line in forms.all_forms(system)}
        if code not in known:
            forms.add_form(system, forms.AddForm(code=code, title=definition["title"]))
        wish = forms.Publish(based_on=known.get(code, 1), definition=json.dumps(definition, default=str))
        return forms.publish(system, code, wish).version
