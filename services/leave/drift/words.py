"""How causes and states are called, and what each cause means."""

from models.enums import DriftCause, DriftRunState, PushState

CAUSES = {
    DriftCause.TAKEN_THERE: "在企业微信里请了假，这里没有",
    DriftCause.TAKEN_HERE: "在这里请了假（含审批中），企业微信没有扣",
    DriftCause.GRANTED_HERE: "这里发放了，企业微信没有",
    DriftCause.GRANTED_THERE: "企业微信发放了，这里没有",
    DriftCause.ROUNDING: "单位取整",
    DriftCause.NOT_MAPPED: "没有对应的假期",
    DriftCause.OUT_OF_SCOPE: "不在企业微信的适用范围",
}
RUN_STATES = {DriftRunState.RUNNING: "进行中", DriftRunState.DONE: "完成", DriftRunState.FAILED: "未完成"}
PUSH_STATES = {PushState.WAITING: "等待写入", PushState.PUSHED: "已写入企业微信", PushState.REFUSED: "没有写入"}
