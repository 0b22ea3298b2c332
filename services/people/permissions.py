"""The permissions page: what each role may do and how far, in one table that HR can audit.

Grammar: `domain.thing.verb`. What belongs to oneself needs no permission: such routes say `OWN`.
"""

from enum import IntEnum, StrEnum

from models.enums import Role


class Scope(IntEnum):
    """How far a role reaches. A grant can narrow `COMPANY` to one department and everything below it."""

    REPORTS = 1  # oneself, direct and indirect reports, and the departments one leads
    COMPANY = 2


class Permission(StrEnum):
    """Everything that needs asking for."""

    APPROVALS_APPROVER_READ = "approvals.approver.read"
    APPROVALS_FLOW_EDIT = "approvals.flow.edit"
    APPROVALS_INSTANCE_READ = "approvals.instance.read"
    ATTENDANCE_BOARD_READ = "attendance.board.read"
    ATTENDANCE_MONTH_CLOSE = "attendance.month.close"
    ATTENDANCE_MONTH_READ = "attendance.month.read"
    ATTENDANCE_MONTH_REOPEN = "attendance.month.reopen"
    ATTENDANCE_PLACE_EDIT = "attendance.place.edit"
    ATTENDANCE_PUNCH_IMPORT = "attendance.punch.import"
    ATTENDANCE_PUNCH_REVIEW = "attendance.punch.review"
    FORMS_FORM_EDIT = "forms.form.edit"
    FORMS_REQUEST_READ = "forms.request.read"
    FORMS_REQUEST_VOID = "forms.request.void"
    LEAVE_BALANCE_ADJUST = "leave.balance.adjust"
    LEAVE_BALANCE_READ = "leave.balance.read"
    LEAVE_DRIFT_PUSH = "leave.drift.push"
    LEAVE_DRIFT_READ = "leave.drift.read"
    LEAVE_KIND_EDIT = "leave.kind.edit"
    LEAVE_PAY_CLOSE = "leave.pay.close"
    LEAVE_PAY_READ = "leave.pay.read"
    LEAVE_REQUEST_READ = "leave.request.read"
    LEAVE_SETTLEMENT_PRICE = "leave.settlement.price"
    LEAVE_SETTLEMENT_READ = "leave.settlement.read"
    NOTICES_NOTICE_READ = "notices.notice.read"
    NOTICES_NOTICE_SEND = "notices.notice.send"
    PAYROLL_BATCH_EDIT = "payroll.batch.edit"
    PAYROLL_BATCH_READ = "payroll.batch.read"
    PAYROLL_BATCH_RELEASE = "payroll.batch.release"
    PAYROLL_DISPUTE_ANSWER = "payroll.dispute.answer"
    PEOPLE_GRANT_EDIT = "people.grant.edit"
    PEOPLE_PERSON_EDIT = "people.person.edit"
    PEOPLE_PERSON_READ = "people.person.read"
    PLATFORM_AUDIT_READ = "platform.audit.read"
    PLATFORM_DELIVERY_READ = "platform.delivery.read"
    PLATFORM_DELIVERY_RETRY = "platform.delivery.retry"
    PLATFORM_SETTING_EDIT = "platform.setting.edit"
    ROSTERS_ROSTER_EDIT = "rosters.roster.edit"
    ROSTERS_RULE_EDIT = "rosters.rule.edit"
    SCHEDULE_SHIFT_EDIT = "schedule.shift.edit"


P, S = Permission, Scope

MANAGER: dict[Permission, Scope] = {
    P.ATTENDANCE_BOARD_READ: S.REPORTS,
    P.ATTENDANCE_PUNCH_REVIEW: S.REPORTS,
    P.LEAVE_REQUEST_READ: S.REPORTS,
    P.LEAVE_BALANCE_READ: S.REPORTS,
    P.PEOPLE_PERSON_READ: S.REPORTS,
    P.ROSTERS_ROSTER_EDIT: S.REPORTS,
}

ROLES: dict[Role, dict[Permission, Scope]] = {
    Role.HR: {
        P.APPROVALS_APPROVER_READ: S.COMPANY,
        P.APPROVALS_FLOW_EDIT: S.COMPANY,
        P.APPROVALS_INSTANCE_READ: S.COMPANY,
        P.ATTENDANCE_BOARD_READ: S.COMPANY,
        P.ATTENDANCE_MONTH_CLOSE: S.COMPANY,
        P.ATTENDANCE_MONTH_READ: S.COMPANY,
        P.ATTENDANCE_MONTH_REOPEN: S.COMPANY,
        P.ATTENDANCE_PLACE_EDIT: S.COMPANY,
        P.ATTENDANCE_PUNCH_IMPORT: S.COMPANY,
        P.ATTENDANCE_PUNCH_REVIEW: S.COMPANY,
        P.FORMS_FORM_EDIT: S.COMPANY,
        P.FORMS_REQUEST_READ: S.COMPANY,
        P.FORMS_REQUEST_VOID: S.COMPANY,
        P.LEAVE_BALANCE_ADJUST: S.COMPANY,
        P.LEAVE_BALANCE_READ: S.COMPANY,
        P.LEAVE_DRIFT_PUSH: S.COMPANY,
        P.LEAVE_DRIFT_READ: S.COMPANY,
        P.LEAVE_KIND_EDIT: S.COMPANY,
        P.LEAVE_PAY_READ: S.COMPANY,
        P.LEAVE_REQUEST_READ: S.COMPANY,
        P.LEAVE_SETTLEMENT_READ: S.COMPANY,
        P.NOTICES_NOTICE_READ: S.COMPANY,
        P.NOTICES_NOTICE_SEND: S.COMPANY,
        P.PEOPLE_PERSON_EDIT: S.COMPANY,
        P.PEOPLE_PERSON_READ: S.COMPANY,
        P.ROSTERS_ROSTER_EDIT: S.COMPANY,
        P.ROSTERS_RULE_EDIT: S.COMPANY,
        P.SCHEDULE_SHIFT_EDIT: S.COMPANY,
    },
    Role.PAYROLL: {
        P.ATTENDANCE_MONTH_READ: S.COMPANY,
        P.LEAVE_PAY_CLOSE: S.COMPANY,
        P.LEAVE_PAY_READ: S.COMPANY,
        P.LEAVE_SETTLEMENT_PRICE: S.COMPANY,
        P.LEAVE_SETTLEMENT_READ: S.COMPANY,
        P.PAYROLL_BATCH_EDIT: S.COMPANY,
        P.PAYROLL_BATCH_READ: S.COMPANY,
        P.PAYROLL_DISPUTE_ANSWER: S.COMPANY,
        P.PEOPLE_PERSON_READ: S.COMPANY,
    },
    Role.PAYROLL_REVIEWER: {
        P.PAYROLL_BATCH_READ: S.COMPANY,
        P.PAYROLL_BATCH_RELEASE: S.COMPANY,
    },
    Role.AUDITOR: {
        P.APPROVALS_INSTANCE_READ: S.COMPANY,
        P.NOTICES_NOTICE_READ: S.COMPANY,
        P.PLATFORM_AUDIT_READ: S.COMPANY,
        P.PLATFORM_DELIVERY_READ: S.COMPANY,
    },
    Role.ADMIN: {
        P.PEOPLE_GRANT_EDIT: S.COMPANY,
        P.PEOPLE_PERSON_READ: S.COMPANY,
        P.PLATFORM_DELIVERY_READ: S.COMPANY,
        P.PLATFORM_DELIVERY_RETRY: S.COMPANY,
        P.PLATFORM_SETTING_EDIT: S.COMPANY,
    },
}

ROLE_TITLES: dict[Role, str] = {
    Role.HR: "人事",
    Role.PAYROLL: "薪酬专员",
    Role.PAYROLL_REVIEWER: "薪酬复核",
    Role.AUDITOR: "审计",
    Role.ADMIN: "系统管理员",
}

# Roles one person may not hold together: who prepares pay does not release it, who audits does nothing else.
INCOMPATIBLE: tuple[frozenset[Role], ...] = (
    frozenset({Role.PAYROLL, Role.PAYROLL_REVIEWER}),
    frozenset({Role.AUDITOR, Role.ADMIN}),
    frozenset({Role.AUDITOR, Role.HR}),
    frozenset({Role.AUDITOR, Role.PAYROLL}),
)

DENIALS: dict[str, str] = {
    "approvals": "审批流程由人事管理，请联系人事",
    "attendance": "您只能查看自己和下属的考勤",
    "forms": "表单由人事设计和管理，请联系人事",
    "leave": "假期设置和他人假期由人事管理，请联系人事",
    "notices": "公告由人事发布，请联系人事",
    "payroll": "薪酬数据只有薪酬人员可以处理",
    "people": "人员资料由人事管理，请联系人事",
    "platform": "系统设置和审计只对管理员和审计开放",
    "rosters": "排班由部门负责人和人事管理，请联系他们",
    "schedule": "班次由人事管理，请联系人事",
}


def denial(permission: Permission) -> str:
    """The sentence shown to somebody who lacks the permission."""
    return DENIALS[permission.partition(".")[0]]


def of_roles(roles: list[Role], *, is_manager: bool) -> dict[Permission, Scope]:
    """The union of what the roles allow, each permission at its widest scope."""
    allowed: dict[Permission, Scope] = {}
    for table in [MANAGER] * is_manager + [ROLES[role] for role in roles]:
        for permission, scope in table.items():
            allowed[permission] = max(scope, allowed.get(permission, scope))
    return allowed
