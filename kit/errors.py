"""The error tree: what can go wrong on purpose. Titles are Chinese sentences that say what to do.

Each way in renders these once (problem+json, a page, the words on a card's button, an exit code).
422 is malformed input; 409 is a rule that says no, now.
"""

from typing import Any, ClassVar


class AppError(Exception):
    """An expected refusal: `title` is shown to people, `detail` travels beside it in the API."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    default_title: ClassVar[str] = "系统开小差了，请稍后再试"

    def __init__(self, title: str | None = None, **detail: Any) -> None:
        super().__init__(title or self.default_title)
        self.title = title or self.default_title
        self.detail = detail


class Invalid(AppError):
    """The input is malformed; `errors` in the detail lists `{field, message}`."""

    status, code, default_title = 422, "invalid", "填写的内容有误，请检查后再提交"


class TooLarge(AppError):
    status, code, default_title = 413, "too_large", "内容太大，请缩小后再试"


class Unauthenticated(AppError):
    status, code, default_title = 401, "unauthenticated", "登录已失效，请从企业微信重新进入"


class Forbidden(AppError):
    status, code, default_title = 403, "forbidden", "您没有权限进行此操作"


class StepUpRequired(Forbidden):
    """The act needs a fresh PIN or TOTP; the page asks for it and comes back."""

    code, default_title = "step_up_required", "请先验证身份"


class NotFound(AppError):
    """Absent, or not yours: the two look alike on purpose."""

    status, code, default_title = 404, "not_found", "没有找到，或您无权查看"


class Conflict(AppError):
    status, code, default_title = 409, "conflict", "当前状态下不能这样做"


class TooMany(AppError):
    """Too often; `retry_after` in the detail is seconds."""

    status, code, default_title = 429, "too_many", "操作太频繁，请稍后再试"


class Upstream(AppError):
    """WeCom said no or nothing; its raw text is never shown."""

    status, code, default_title = 502, "upstream", "企业微信暂时没有响应，请稍后再试"
