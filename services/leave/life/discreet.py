"""What those who are only told of leave see where its kind is sensitive: that somebody is away, and when."""

from services.approvals import Copy
from services.leave.rulebook.catalog import Kind


def copy(kind: Kind, name: str, what: str, span: str, length: str) -> Copy | None:
    """The copy of a request of this kind, whose title says `what` was asked for; `None` where all may be read."""
    if not kind.rules.is_sensitive:
        return None
    return Copy(title=f"{name}申请{what}{length}", rows=[("时间", span), ("时长", length)])
