"""The closed sets of words that approvals keep in their tables and in the data of their chains."""

from enum import StrEnum


class ApproverKind(StrEnum):
    SUPERIOR = "superior"  # the n-th direct superior
    DEPARTMENT_HEAD = "department_head"
    ROLE = "role"
    PERSON = "person"
    FIELD = "field"  # the person that a field of the request names
    CHOICE = "choice"  # whom the applicant chooses when submitting


class NodeKind(StrEnum):
    """What a node of a chain is for."""

    APPROVE = "approve"
    COPY = "copy"  # people are told; nobody decides
    AUTO = "auto"  # an expression decides
    PARALLEL = "parallel"  # branches that all have to finish


class Vacancy(StrEnum):
    """What happens to a place that is vacant, held by the applicant, or left by its approver."""

    GO_UP = "go_up"  # whoever stands above; nobody there: the fallback role
    FALLBACK = "fallback"  # the fallback role at once
    HR = "hr"  # HR at once
    SKIP = "skip"  # nobody, as long as somebody decides the request at all


class Absent(StrEnum):
    """What happens to a place whose holder is on leave when they would be asked."""

    WAIT = "wait"  # they are asked all the same
    STAND_IN = "stand_in"  # whom they delegated to decides; without one, whoever stands above
    GO_UP = "go_up"  # whoever stands above; nobody there: the fallback role


class Repeat(StrEnum):
    """What happens to somebody who has approved an earlier step."""

    SKIP = "skip"
    ASK = "ask"


class Comparison(StrEnum):
    EQUALS = "eq"
    DIFFERS = "ne"
    MORE = "gt"
    AT_LEAST = "ge"
    LESS = "lt"
    AT_MOST = "le"
    ONE_OF = "in"


class FactKind(StrEnum):
    """What a condition can look at."""

    NUMBER = "number"
    TEXT = "text"
    YES_NO = "yes_no"
    PERSON = "person"  # the id of somebody


class SignMode(StrEnum):
    OR_SIGN = "or_sign"  # one is enough
    COUNTERSIGN = "countersign"  # all must agree
    IN_TURN = "in_turn"  # all must agree, one after the other
    N_OF_M = "n_of_m"  # so many of them must agree
    WEIGHTED = "weighted"  # those who agree must weigh so much


class InstanceState(StrEnum):
    PENDING = "pending"
    RETURNED = "returned"  # the applicant has it again, to change it
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StepState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    DONE = "done"  # told, or found good by an expression: nobody decided
    CLOSED = "closed"  # the instance ended elsewhere


class TaskState(StrEnum):
    """One approver's part of a step."""

    WAITING = "waiting"  # somebody else's turn comes first
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    REPLACED = "replaced"  # asked again under another task, for the request changed or a signer goes first
    VOIDED = "voided"  # decided, and sent back to this step or before it
    TOLD = "told"  # a copy: there was nothing to decide
    CLOSED = "closed"  # someone else decided, or the request ended


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Act(StrEnum):
    """What the history of an instance tells."""

    STARTED = "started"
    OPENED = "opened"
    SKIPPED = "skipped"
    STUCK = "stuck"  # nobody could be found; the sweep keeps looking
    BLOCKED = "blocked"  # what the sweep had to do was refused; HR was told
    APPROVED = "approved"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    REASSIGNED = "reassigned"
    URGED = "urged"
    REMINDED = "reminded"
    WITHDRAWN = "withdrawn"
    VACANT = "vacant"  # nobody holds the place, and the chain does without
    COPIED = "copied"
    PASSED = "passed"  # by an expression
    REFUSED = "refused"  # by an expression
    APPROVED_PART = "approved_part"
    RETURNED = "returned"
    REVISED = "revised"
    ADDED = "added"  # a signer
    COMMENTED = "commented"
    ASKED = "asked"  # the applicant, a question
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # for so long that the clocks go on
    LAPSED = "lapsed"  # sent back and not submitted again: it ended
    ESCALATED = "escalated"
    TIMED_OUT = "timed_out"  # decided by the clock, as the chain says
    COVERED = "covered"  # the approver is on leave: somebody else is asked
    STOOD_IN = "stood_in"  # the approver is on leave: whom they delegated to decides
    AWAITED = "awaited"  # the approver is on leave and asked all the same


class Deadline(StrEnum):
    """What happens to a task that waits too long, in this order."""

    REMIND = "remind"
    ESCALATE = "escalate"
    ACT = "act"


class Signing(StrEnum):
    """When a signer who was added decides: before the one who added them, after, or beside."""

    BEFORE = "before"
    AFTER = "after"
    WITH = "with"
