"""Why something is not done, in words for whoever tried."""

from kit.errors import Conflict


class NoApprover(Conflict):
    """Nobody may decide this request: no superior, no head, nobody in the fallback role but the applicant."""

    code, default_title = "approvals.no_approver", "找不到可以审批的人，请联系人事设置审批流程"


class AlreadyDecided(Conflict):
    """Somebody was faster, or the request has ended; the title says who and how."""

    code, default_title = "approvals.already_decided", "这一步已经有人处理了"


class ContentChanged(Conflict):
    """What is being decided is not what was seen."""

    code, default_title = "approvals.content_changed", "申请内容已变化，请刷新"
