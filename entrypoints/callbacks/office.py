"""What WeCom's own applications tell: noted, because a delivery must be answered; nothing of ours depends on it."""

import wecom
from kit import log
from wecom.events import ApprovalChange, JobResult
from wecom.replies import Reply

logger = log.get(__name__)


def location(_inbound: wecom.Inbound) -> Reply | None:
    """The client reported where it is. We don't keep that: whoever punches sends a position for that act alone."""
    return None


def approval_changed(inbound: wecom.Inbound) -> Reply | None:
    """A form of the built-in approval application moved; ours are decided here, so it is only noted."""
    change = ApprovalChange.parse(inbound)
    logger.info("callback.approval_changed", extra={"sp_no": change.sp_no, "state": change.status})
    return None


def job_done(inbound: wecom.Inbound) -> Reply | None:
    """A bulk job of the directory is over; a failure is an operator's business."""
    job = JobResult.parse(inbound)
    level = logger.info if job.error_code == 0 else logger.error
    level("callback.job_done", extra={"job": job.job_id, "kind": job.job_type, "error_code": job.error_code})
    return None
