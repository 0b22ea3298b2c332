"""Payroll's desk: a workbook in, whole or not at all; two people to let it out; figures only for a purpose."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from kit import clock, workbook
from models.base import db
from models.enums import BatchState, Outcome, PersonStatus, Role
from models.payroll import Payslip, PayslipBatch
from models.platform import AuditRecord
from services import payroll, people, platform
from services.people import Permission
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories import people as make
from tests.factories.payroll import HEADER, Company, excel, prepared, row, staff
from tests.support.clients import Someone

Console = Callable[..., Someone]
Drain = Callable[[], int]
NET = re.compile("10,?209")
"""Li's net, as people read it or as it travels."""


@pytest.fixture
def company(app: object, twin: Twin) -> Company:
    return Company(twin)


@pytest.fixture
def gao(company: Company, console: Console) -> Someone:
    return console("gao", stepped_up=True)


@pytest.fixture
def wei(company: Company, console: Console) -> Someone:
    return console("wei", stepped_up=True)


def upload(somebody: Someone, content: bytes, month: str = "2026-02", **fields: str) -> TestResponse:
    data = {"month": month, "title": "工资", "file": (io.BytesIO(content), "工资条.xlsx"), **fields}
    return somebody.post("/payroll/batches", data=data, content_type="multipart/form-data")


def batches() -> list[PayslipBatch]:
    return list(db.session.scalars(select(PayslipBatch).order_by(PayslipBatch.created_at)))


def refusals(answer: TestResponse) -> str:
    assert answer.status_code in (409, 413, 422), answer.text
    assert batches() == []
    assert db.session.query(Payslip).count() == 0
    return re.sub(r"<[^>]+>", "", answer.text)


# ── import ──


def test_a_good_workbook_becomes_a_draft_that_only_payroll_sees(company: Company, gao: Someone, h5: Console) -> None:
    answer = upload(gao, excel([row(company.li), row(company.han)]))

    (batch,) = batches()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/console/payroll/batches/{batch.id}")
    assert (batch.state, batch.people, batch.month) == (BatchState.DRAFT, 2, date(2026, 2, 1))
    assert "草稿" in gao.get(f"/payroll/batches/{batch.id}").text
    assert "还没有工资条" in h5("lihua").get("/payslips").text


def test_the_template_lists_everybody_and_reads_back(company: Company, gao: Someone) -> None:
    sheet = workbook.read(gao.get("/payroll/template").data)

    assert sheet.header[:3] == ("工号", "企业微信账号", "姓名")
    assert {(r.text("工号"), r.text("企业微信账号"), r.text("姓名")) for r in sheet.rows} >= {
        ("007", "lihua", "李华"),
        ("", "hanmei", "韩梅"),
    }


def test_a_half_bad_workbook_stores_nothing_and_names_every_fault(company: Company, twin: Twin, gao: Someone) -> None:
    gone = staff(twin, "gone", "走远", status=PersonStatus.INACTIVE, left_on=date(2026, 1, 31))
    rows = [
        row(company.li),
        row(company.han, bonus=0.001),
        row(company.li),
        row(company.boss, name="老李"),
        row(gone),
        ["who-is-this", "谁", 1, 0, 0, 0, "", 1],
        row(company.preparer, net=1),
        ["", "李华", 1, 0, 0, 0, "", 1],
    ]
    told = refusals(upload(gao, excel(rows, sheet="二月")))

    for sentence in (
        "工作表“二月” 第 3 行 “应发：奖金”：金额最多两位小数",
        "第 4 行 “姓名”：与第 2 行是同一个人",
        "第 5 行 “姓名”：与通讯录中的姓名不一致",
        "第 6 行 “姓名”：在这个月之前已离职",
        "第 7 行 “企业微信账号”：通讯录中没有“who-is-this”",
        "第 8 行 “实发合计”：不等于应发各项之和减去扣款各项之和",
        "第 9 行 “工号”：没有填写",
        "共 8 处",
    ):
        assert sentence in told


def test_somebody_who_left_within_the_month_is_still_paid(company: Company, twin: Twin, gao: Someone) -> None:
    leaver = staff(twin, "leaver", "刚走", status=PersonStatus.INACTIVE, left_on=date(2026, 2, 10))

    assert upload(gao, excel([row(leaver)])).status_code == 303


def test_numbers_agree_with_each_other_about_the_person(company: Company, gao: Someone) -> None:
    header = ("工号", *HEADER)
    good = ["007", *row(company.li)]
    as_number = [7, *row(company.li)]  # Excel ate the zeros: nobody has the number 7
    crossed = ["007", *row(company.han)]
    assert "通讯录中没有“7”" in refusals(upload(gao, excel([as_number], header)))
    assert "与工号不是同一个人" in refusals(upload(gao, excel([crossed], header)))
    assert upload(gao, excel([good], header)).status_code == 303


def test_extra_columns_are_refused_by_name(company: Company, gao: Someone) -> None:
    told = refusals(upload(gao, excel([[*row(company.li), 5]], (*HEADER, "神秘补贴"))))

    assert "“神秘补贴”" in told
    assert "不认识的列" in told


def test_a_formula_counts_by_its_result_and_a_stale_one_does_not_reconcile(company: Company, gao: Someone) -> None:
    stale = excel([row(company.li, net="=C2+D2-E2")])  # a result of 0, as programs write that do not calculate

    assert "不等于应发各项之和" in refusals(upload(gao, stale))


@pytest.mark.parametrize(
    "content",
    [b"not a workbook", b"PK\x03\x04" + b"\0" * 64, excel([]), b""],
    ids=["text", "half an archive", "no rows", "nothing"],
)
def test_hostile_or_empty_files_end_in_a_sentence(gao: Someone, content: bytes) -> None:
    assert refusals(upload(gao, content))


def test_amounts_beyond_the_range_are_refused(company: Company, gao: Someone) -> None:
    most = "999999999.99"
    header = ("企业微信账号", "姓名", *(f"应发：项目{n}" for n in range(150)), "实发合计")
    net = 99999999999 * 150
    line = ["lihua", "李华", *[most] * 150, f"{net // 100}.{net % 100:02}"]

    assert "应为小于十亿的金额" in refusals(upload(gao, excel([line], header)))


@pytest.mark.parametrize(("month", "title"), [("2026-13", "工资"), ("202602", "工资"), ("2026-02", "长" * 41)])
def test_month_and_title_are_checked(company: Company, gao: Someone, month: str, title: str) -> None:
    assert refusals(upload(gao, excel([row(company.li)]), month, title=title))


def test_the_same_workbook_twice_is_one_batch(company: Company, gao: Someone, wei: Someone, drain: Drain) -> None:
    content = excel([row(company.li), row(company.han)])
    first = upload(gao, content)
    before = {b.id: (b.created_at, b.content) for b in batches()}
    again = upload(gao, content)
    assert again.headers["Location"] == first.headers["Location"]
    assert {b.id: (b.created_at, b.content) for b in batches()} == before

    release(wei, batches()[0].id, 2, "20419.00")
    drain()
    assert upload(gao, content).headers["Location"] == first.headers["Location"]
    assert db.session.query(Payslip).count() == 2


def test_what_is_exported_can_be_imported_and_is_the_same_batch(company: Company, gao: Someone) -> None:
    upload(gao, excel([row(company.li, base="1,234.50", net=1444, note="补"), row(company.han, tax=0)]))
    (batch,) = batches()
    exported = gao.get(f"/payroll/batches/{batch.id}/figures?purpose=correct&format=xlsx")

    assert exported.mimetype == workbook.MEDIA_TYPE
    assert upload(gao, exported.data).headers["Location"].endswith(batch.id)
    assert len(batches()) == 1


def test_a_draft_can_be_discarded_and_nothing_else(company: Company, gao: Someone, wei: Someone) -> None:
    upload(gao, excel([row(company.li)]))
    (batch,) = batches()
    assert wei.post(f"/payroll/batches/{batch.id}/discard").status_code == 403
    assert gao.post(f"/payroll/batches/{batch.id}/discard").status_code == 303
    assert batches() == []

    upload(gao, excel([row(company.li)]))
    (batch,) = batches()
    release(wei, batch.id, 1, "10209.50")
    assert gao.post(f"/payroll/batches/{batch.id}/discard").status_code == 409


# ── release: four eyes ──


def release(somebody: Someone, batch_id: str, count: int, net: str) -> TestResponse:
    return somebody.post(f"/payroll/batches/{batch_id}/release", data={"people": str(count), "net": net})


@pytest.fixture
def draft(company: Company) -> str:
    return prepared(company.preparer, excel([row(company.li), row(company.han)]))


def test_who_prepared_a_batch_does_not_release_it_whatever_their_roles(
    company: Company, console: Console, draft: str
) -> None:
    gao = console("gao", stepped_up=True)
    assert release(gao, draft, 2, "20419.00").status_code == 403
    with platform.unit_of_work():  # roles changed meanwhile: the person has not
        db.session.execute(make.Grant.__table__.update().values(role=Role.PAYROLL_REVIEWER))
    refused = release(console("gao", stepped_up=True), draft, 2, "20419.00")

    assert refused.status_code == 403
    assert "须由另一位薪酬复核人员发布" in refused.text
    assert batches()[0].state == BatchState.DRAFT
    refusals_kept = db.session.query(AuditRecord).filter_by(outcome=Outcome.REFUSED, actor=company.preparer.id)
    assert refusals_kept.count() == 2


def test_releasing_needs_step_up(company: Company, console: Console, draft: str) -> None:
    release(console("wei"), draft, 2, "20419.00")

    assert batches()[0].state == BatchState.DRAFT


@pytest.mark.parametrize(("count", "net"), [(3, "20419.00"), (2, "20419.01"), (2, "0.00")])
def test_the_releaser_names_what_they_checked(wei: Someone, draft: str, count: int, net: str) -> None:
    refused = release(wei, draft, count, net)

    assert refused.status_code == 409
    assert "重新核对" in refused.text


def test_a_batch_altered_in_the_database_is_not_released(company: Company, wei: Someone, draft: str) -> None:
    db.session.execute(Payslip.__table__.delete().where(Payslip.person_id == company.han.id))
    db.session.commit()

    assert release(wei, draft, 2, "20419.00").status_code == 409
    assert release(wei, draft, 1, "10209.50").status_code == 409


def test_a_batch_is_released_once(wei: Someone, draft: str, drain: Drain) -> None:
    assert release(wei, draft, 2, "20419.00").status_code == 303
    assert release(wei, draft, 2, "20419.00").status_code == 409
    drain()

    assert batches()[0].state == BatchState.PUBLISHED
    assert wei.get(f"/payroll/batches/{draft}/progress").status_code == 303  # it is over: the whole page is shown anew


def test_one_month_has_one_batch_of_a_name_and_corrections_follow_it(
    company: Company, gao: Someone, wei: Someone, draft: str
) -> None:
    other = prepared(company.preparer, excel([row(company.boss)]))
    assert release(wei, draft, 2, "20419.00").status_code == 303
    assert release(wei, other, 1, "10209.50").status_code == 409  # a second draft of the same name comes too late
    late = upload(gao, excel([row(company.boss, bonus=1)]))
    assert late.status_code == 409
    assert "请选择“更正”" in late.text
    assert upload(gao, excel([row(company.boss)]), title="年终奖").status_code == 303
    assert upload(gao, excel([row(company.boss)]), is_correction="true").status_code == 303
    nothing = upload(gao, excel([row(company.boss)]), month="2026-01", is_correction="true")
    assert "不能作为更正导入" in nothing.text


def test_recalling_is_for_the_reviewer_and_for_what_went_out(
    gao: Someone, wei: Someone, console: Console, draft: str
) -> None:
    assert wei.post(f"/payroll/batches/{draft}/recall").status_code == 409
    release(wei, draft, 2, "20419.00")
    assert gao.post(f"/payroll/batches/{draft}/recall").status_code == 403
    console("wei").post(f"/payroll/batches/{draft}/recall")
    assert batches()[0].state == BatchState.RELEASED  # no step-up
    assert wei.post(f"/payroll/batches/{draft}/recall").status_code == 303
    assert batches()[0].state == BatchState.RECALLED


# ── figures ──


def test_figures_compare_with_last_month_by_person_and_item(
    company: Company, twin: Twin, gao: Someone, drain: Drain
) -> None:
    company.release(row(company.li), row(company.han), row(company.boss), month="2026-01")
    drain()
    new = staff(twin, "xin", "新人")
    draft = prepared(company.preparer, excel([row(company.li), row(company.han, bonus=800.01), row(new, base=-500)]))
    actor = people.by_userid("wei")
    with platform.unit_of_work():
        found = payroll.figures.figures(actor, draft, payroll.FiguresQuery(purpose="review"))
        changed = payroll.figures.figures(actor, draft, payroll.FiguresQuery(purpose="review", only="changed"))

    assert found.overview
    assert (found.overview.joined, found.overview.gone, found.overview.negative) == (1, 1, 1)
    assert str(found.overview.totals.net) == "20428.51"
    assert [(c.name, str(c.delta)) for c in found.overview.changes if c.kind == "earning"] == [
        ("基本工资", "-10500.00"),
        ("奖金", "300.01"),
    ]
    rows = {r.name: (str(r.net), r.net_before and str(r.net_before), str(r.delta)) for r in found.page.items}
    assert rows["李华"] == ("10209.50", "10209.50", "0.00")
    assert rows["韩梅"] == ("10509.51", "10209.50", "300.01")
    assert rows["新人"] == ("-290.50", None, "-290.50")
    assert [r.name for r in changed.page.items] == ["韩梅", "新人"]
    page = gao.get(f"/payroll/batches/{draft}/figures?purpose=correct").text
    assert "300.01" in page
    assert "须由另一位薪酬复核人员发布" in page


def test_a_correction_compares_with_what_it_replaces(company: Company, wei: Someone, drain: Drain) -> None:
    company.release()
    drain()
    draft = prepared(company.preparer, excel([row(company.li, bonus=501)]), is_correction=True)
    page = wei.get(f"/payroll/batches/{draft}/figures?purpose=review").text

    assert "更正前实发" in page
    assert "+1.00" in page
    assert "发布 1 份工资条" in page


def test_figures_page_through_a_batch(company: Company, twin: Twin) -> None:
    crowd = [row(staff(twin, f"p{n:02}"), base=1000 + n) for n in range(7)]
    draft = prepared(company.preparer, excel(crowd))
    actor, names, cursor = people.by_userid("wei"), [], None
    for _ in range(3):
        with platform.unit_of_work():
            query = payroll.FiguresQuery(purpose="review", limit=3, cursor=cursor, only="changed")
            found = payroll.figures.figures(actor, draft, query)
        names += [r.name for r in found.page.items]
        cursor = found.page.next_cursor

    assert names == [f"p{n:02}" for n in range(7)]
    assert cursor is None
    assert found.overview is None


def test_no_figure_without_a_purpose_and_every_look_is_on_record(wei: Someone, draft: str) -> None:
    slip = db.session.scalar(select(Payslip.id).limit(1))
    for path in (f"/payroll/batches/{draft}/figures", f"/payroll/payslips/{slip}/figures"):
        assert wei.get(path).status_code == 422
        assert wei.get(f"{path}?purpose=own").status_code == 422
        assert wei.get(f"{path}?purpose=curiosity").status_code == 422
    assert not NET.search(wei.get(f"/payroll/payslips/{slip}").text)
    assert "10,209.50" in wei.get(f"/payroll/payslips/{slip}/figures?purpose=review").text
    wei.get(f"/payroll/batches/{draft}/figures?purpose=review")

    looked = db.session.execute(select(AuditRecord.action, AuditRecord.after).where(AuditRecord.way_in != "")).all()
    assert [(action, after["purpose"]) for action, after in looked] == [
        ("payroll.payslip.inspect", "review"),
        ("payroll.batch.read", "review"),
    ]


FIGURES = ("/payroll/batches/{batch}/figures?purpose=review", "/payroll/payslips/{slip}/figures?purpose=answer")
WITHOUT = ("/payroll", "/payroll/batches/{batch}", "/payroll/batches/{batch}/progress", "/payroll/payslips/{slip}")


@pytest.mark.parametrize("path", FIGURES + WITHOUT)
def test_only_payroll_comes_in_and_figures_need_step_up(
    company: Company, twin: Twin, console: Console, draft: str, path: str
) -> None:
    for userid, role in (("hr", Role.HR), ("admin", Role.ADMIN), ("auditor", Role.AUDITOR)):
        staff(twin, userid, roles=(role,))
    place = path.format(batch=draft, slip=db.session.scalar(select(Payslip.id).limit(1)))
    for who in ("lihua", "boss", "hr", "admin", "auditor"):
        refused = console(who, stepped_up=True).get(place)
        assert refused.status_code == 403
        assert not NET.search(refused.text)
    assert console("wei", stepped_up=True).get(place).status_code == 200
    without = console("wei").get(place)
    assert not NET.search(without.text)
    assert (without.status_code == 200) == (path in WITHOUT)


def test_payroll_of_one_department_does_not_reach_another(company: Company, twin: Twin, console: Console) -> None:
    shop, office = make.department("门店"), make.department("总部")
    clerk = staff(twin, "clerk", "店薪", dept=shop)
    seller, boss = staff(twin, "seller", "店员", dept=shop), staff(twin, "chief", "总部人", dept=office)
    with platform.unit_of_work():
        db.session.add(make.Grant(person_id=clerk.id, role=Role.PAYROLL, department_id=shop.id))
    both = prepared(company.preparer, excel([row(seller), row(boss)]))
    someone = console("clerk", stepped_up=True)

    assert someone.get(f"/payroll/batches/{both}").status_code == 404
    assert "工资</a>" not in someone.get("/payroll").text
    slips = dict(db.session.execute(select(Payslip.person_id, Payslip.id)).all())
    assert someone.get(f"/payroll/payslips/{slips[boss.id]}/figures?purpose=answer").status_code == 404
    assert someone.get(f"/payroll/payslips/{slips[seller.id]}/figures?purpose=answer").status_code == 200
    assert "不在您负责的范围内" in upload(someone, excel([row(boss)]), title="店奖").text
    assert upload(someone, excel([row(seller)]), title="店奖").status_code == 303
    assert people.by_userid("clerk").may(Permission.PAYROLL_BATCH_EDIT)


# ── lists ──


def test_batches_filter_sort_page_and_export(company: Company, gao: Someone) -> None:
    for hour, (month, title) in enumerate((("2025-11", "工资"), ("2025-12", "工资"), ("2025-12", "年终奖"))):
        with clock.frozen(MONDAY_MORNING + timedelta(hours=hour)):
            prepared(company.preparer, excel([row(company.li)]), month, title=title)

    def names(query: str) -> list[str]:
        found = re.findall(r"<td>(\d{4}-\d\d)</td>\s*<td><a [^>]+>([^<]+)</a>", gao.get(f"/payroll?{query}").text)
        return [f"{month} {title}" for month, title in found]

    assert names("sort=month")[0] == "2025-11 工资"
    assert names("sort=-month")[-1] == "2025-11 工资"
    assert names("q=年终") == ["2025-12 年终奖"]
    assert len(names("month=2025-12")) == 2
    assert names("state=published") == []
    paged, cursor = [], ""
    for _ in range(3):
        page = gao.get(f"/payroll?limit=1&sort=created_at&cursor={cursor}").text
        paged += re.findall(r"<td><a [^>]+>([^<]+)</a>", page)
        cursor = (re.search(r"cursor=([\w-]+)", page) or ["", ""])[1]
    assert paged == ["工资", "工资", "年终奖"]

    sheet = workbook.read(gao.get("/payroll?format=xlsx&q=年终").data)
    assert [r.text("名称") for r in sheet.rows] == ["年终奖"]
    assert gao.get("/payroll?format=csv").data.startswith(b"\xef\xbb\xbf")


def test_receipts_say_who_has_seen_it(company: Company, gao: Someone, drain: Drain) -> None:
    batch = company.release()
    drain()
    li = db.session.scalar(select(Payslip.id).where(Payslip.person_id == company.li.id))
    with platform.unit_of_work():
        payroll.open_own(people.by_userid("lihua"), li)
        payroll.confirm(people.by_userid("lihua"), li)
    place = f"/payroll/batches/{batch}"

    assert "已查看 1 人，已确认 1 人" in gao.get(place).text
    assert "李华" not in gao.get(f"{place}?only=unopened").text
    assert "韩梅" in gao.get(f"{place}?only=unconfirmed").text
    assert "韩梅" not in gao.get(f"{place}?only=confirmed").text
    assert "韩梅" not in gao.get(f"{place}?q=007").text
    rows = workbook.read(gao.get(f"{place}?format=xlsx").data).rows
    assert [(r.text("姓名"), r.text("状态")) for r in rows] == [("李华", "已确认"), ("韩梅", "未查看")]


def test_questions_are_listed_answered_and_exported_without_their_words(
    company: Company, gao: Someone, console: Console, drain: Drain
) -> None:
    company.release()
    drain()
    slip = db.session.scalar(select(Payslip.id).where(Payslip.person_id == company.li.id))
    with platform.unit_of_work():
        asked = payroll.disputes.ask(
            people.by_userid("lihua"), slip, payroll.Ask(item="应发：奖金", text="少了88.88")
        ).id

    assert "应发：奖金" in gao.get("/payroll/disputes?state=open").text
    assert "88.88" not in gao.get("/payroll/disputes").text
    assert "没有符合条件" in gao.get("/payroll/disputes?state=closed").text
    assert b"88.88" not in gao.get("/payroll/disputes?format=csv").data
    assert "88.88" not in console("gao").get(f"/payroll/disputes/{asked}").text
    assert "少了88.88" in gao.get(f"/payroll/disputes/{asked}").text
    assert gao.post(f"/payroll/disputes/{asked}/answers", data={"text": ""}).status_code == 422
    assert gao.post(f"/payroll/disputes/{asked}/answers", data={"text": "已核对"}).status_code == 303
    assert gao.post(f"/payroll/disputes/{asked}/close").status_code == 303
    assert gao.post(f"/payroll/disputes/{asked}/answers", data={"text": "再答"}).status_code == 409
    assert console("wei", stepped_up=True).get("/payroll/disputes").status_code == 403


def test_nobody_answers_their_own_question(company: Company, gao: Someone, drain: Drain) -> None:
    company.release(row(company.preparer))
    drain()
    slip = db.session.scalar(select(Payslip.id).where(Payslip.person_id == company.preparer.id))
    with platform.unit_of_work():
        asked = payroll.disputes.ask(people.by_userid("gao"), slip, payroll.Ask(text="我的也错了")).id

    assert gao.post(f"/payroll/disputes/{asked}/answers", data={"text": "没错"}).status_code == 409
