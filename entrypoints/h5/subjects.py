"""Where on the phone each kind of request is asked for, and where its own page is."""

from services import attendance, forms, leave, rosters

NEW = {
    leave.LEAVE: "/h5/leave/new",
    attendance.CORRECTION: "/h5/attendance/corrections/new",
    rosters.market.SUBJECT: "/h5/rosters",
}
PAGES = {leave.LEAVE: "/h5/leave/requests/{}", attendance.CORRECTION: "/h5/attendance/corrections/{}"}


def code_of(subject: str) -> str | None:
    """The code of the form that the subject is; `None` when it is another kind of request."""
    family, _, code = subject.partition(":")
    return code if family == forms.FAMILY else None


def new(subject: str) -> str:
    """The page on which it is asked for."""
    code = code_of(subject)
    return f"/h5/forms/{code}" if code else NEW[subject]


def page(subject: str, subject_id: str) -> str:
    """The page of one request, for whoever made it; empty when it has none but that of the approvals."""
    place = "/h5/forms/requests/{}" if code_of(subject) else PAGES.get(subject, "")
    return place.format(subject_id)
