"""The payslip on the phone: proof first, the same figures as the table, and every button says what it does."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from models.base import db
from models.payroll import Payslip, PayslipDispute
from services import payroll, people, platform
from simulator import Twin
from tests.factories.payroll import Company, excel, released, row
from tests.support.clients import Someone

H5 = Callable[..., Someone]
Drain = Callable[[], int]
NET = re.compile("10,?209")
"""Li's net, as people read it or as it travels."""


@pytest.fixture
def company(app: object, twin: Twin) -> Company:
    return Company(twin)


@pytest.fixture
def slip(company: Company, drain: Drain) -> str:
    """Li's payslip of February, with somebody's markup in a note."""
    company.release(row(company.li, note="<script>alert(1)</script>"), row(company.han))
    drain()
    return db.session.scalar(select(Payslip.id).where(Payslip.person_id == company.li.id))


def test_the_list_leads_to_step_up_and_then_to_the_payslip(h5: H5, slip: str) -> None:
    listed = h5("lihua").get("/payslips").text
    assert f"/h5/payslips/{slip}" in listed
    assert "未查看" in listed
    assert not NET.search(listed)

    asked = h5("lihua").get(f"/payslips/{slip}")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/h5/step-up?next=%2Fh5%2Fpayslips%2F{slip}")


def test_the_page_shows_lines_sums_picture_and_watermark(h5: H5, slip: str) -> None:
    opened = h5("lihua", stepped_up=True).get(f"/payslips/{slip}")
    page = opened.text

    assert opened.headers["Cache-Control"] == "no-store"
    for words in ("基本工资", "10,000.00", "10,500.00", "290.50", "10,209.50", "1,600.00", "李华 2026-03-02 09:30"):
        assert words in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    earned, spent = re.findall(r'<svg class="bar2".*?</svg>', page, re.DOTALL)
    for bar, parts in (
        (earned, ["基本工资 10,000.00", "奖金 500.00"]),
        (spent, ["实发 10,209.50", "个人所得税 290.50"]),
    ):
        assert re.findall(r"<title>(.*?) 元</title>", bar) == parts
        assert sum(int(width) for width in re.findall(r'width="(\d+)"', bar)) == 1000
        assert 'role="img" aria-label="收入' in bar
    assert "实发占应发的 97.2%" in page


def test_confirming_and_asking_come_back_to_the_page(h5: H5, slip: str) -> None:
    li = h5("lihua", stepped_up=True)
    page = li.get(f"/payslips/{slip}").text
    assert "确认收到" in page
    assert '<option value="扣款：个人所得税">' in page

    assert li.post(f"/payslips/{slip}/confirm").headers["Location"] == f"/h5/payslips/{slip}"
    assert "已确认" in li.get(f"/payslips/{slip}").text
    asked = li.post(f"/payslips/{slip}/disputes", data={"item": "扣款：个人所得税", "text": "多扣了吗？\n请核对"})
    dispute = db.session.scalar(select(PayslipDispute.id))
    assert asked.headers["Location"] == f"/h5/payslips/disputes/{dispute}"
    assert "多扣了吗？\n请核对" in li.get(f"/payslips/disputes/{dispute}").text
    assert "待答复" in li.get("/payslips/disputes").text
    assert "多扣" not in li.get("/payslips/disputes").text


def test_two_items_of_one_name_are_told_apart(company: Company, h5: H5, console: H5, drain: Drain) -> None:
    header = ("企业微信账号", "姓名", "应发：基本工资", "扣款：养老保险", "公司承担：养老保险", "实发合计")
    for month, paid in (("2026-01", 1500), ("2026-02", 1600)):
        rows = [["lihua", "李华", 10000, 800, paid, 9200]]
        released(company.preparer, company.releaser, excel(rows, header), month)
        drain()
    slip = db.session.scalar(select(Payslip.id).order_by(Payslip.created_at.desc()))
    li, gao = h5("lihua", stepped_up=True), console("gao", stepped_up=True)
    page = li.get(f"/payslips/{slip}").text
    assert all(f'<option value="{kind}：养老保险">' in page for kind in ("扣款", "公司承担"))

    there = li.post(f"/payslips/{slip}/disputes", data={"item": "公司承担：养老保险", "text": "怎么变了？"}).headers[
        "Location"
    ]
    assert "公司承担：养老保险" in li.get(there).text
    assert "公司承担：养老保险" in li.get("/payslips/disputes").text
    assert "公司承担：养老保险" in gao.get("/payroll/disputes").text
    assert "公司承担：养老保险" in gao.get("/payroll/disputes?format=csv").data.decode()
    batch = db.session.scalar(select(Payslip.batch_id).where(Payslip.id == slip))
    assert "<td>公司承担：养老保险</td>" in gao.get(f"/payroll/batches/{batch}/figures?purpose=review").text


def test_a_question_of_before_is_still_shown_by_its_name(h5: H5, slip: str) -> None:
    li = h5("lihua", stepped_up=True)
    li.post(f"/payslips/{slip}/disputes", data={"item": "扣款：个人所得税", "text": "多扣了吗？"})
    db.session.execute(update(PayslipDispute).values(item_kind=None))
    assert ">个人所得税<" in li.get("/payslips/disputes").text


def test_a_thread_goes_on_until_it_is_closed(h5: H5, slip: str) -> None:
    li = h5("lihua", stepped_up=True)
    li.post(f"/payslips/{slip}/disputes", data={"text": "整体有疑问"})
    place = f"/payslips/disputes/{db.session.scalar(select(PayslipDispute.id))}"

    assert li.post(f"{place}/words", data={"text": "补充说明"}).status_code == 303
    assert "补充说明" in li.get(place).text
    assert li.post(f"{place}/close").status_code == 303
    assert "继续说明" not in li.get(place).text
    assert h5("lihua").get(place).status_code == 303  # words may hold amounts: step-up first


def test_who_has_looked(h5: H5, slip: str) -> None:
    assert "还没有人看过" in h5("lihua").get(f"/payslips/{slip}/viewers").text
    with platform.unit_of_work():
        payroll.figures.inspect(people.by_userid("wei"), slip, payroll.Inspect(purpose="review"))
    page = h5("lihua").get(f"/payslips/{slip}/viewers").text

    assert "魏核" in page
    assert "发布前复核" in page
    assert h5("hanmei").get(f"/payslips/{slip}/viewers").status_code == 404


def test_a_corrected_payslip_says_so(company: Company, h5: H5, slip: str, drain: Drain) -> None:
    company.release(row(company.li, bonus=600), is_correction=True)
    drain()
    li = h5("lihua", stepped_up=True)
    new = re.search(r"/h5/payslips/(\w{26})", li.get("/payslips").text)
    assert new
    page = li.get(f"/payslips/{new[1]}").text

    assert "已更正：这是第 2 版" in page
    assert "500.00 → 600.00" in page
    old = li.get(f"/payslips/{slip}").text
    assert "这是旧版" in old
    assert "确认收到" not in old


def test_a_recalled_payslip_cannot_be_opened(company: Company, h5: H5, slip: str) -> None:
    batch_id = db.session.get(Payslip, slip).batch_id
    with platform.unit_of_work():
        payroll.recall(people.by_userid("wei"), batch_id)
    li = h5("lihua", stepped_up=True)

    assert "已撤回" in li.get("/payslips").text
    assert f"/h5/payslips/{slip}" not in li.get("/payslips").text
    refused = li.get(f"/payslips/{slip}")
    assert refused.status_code == 409
    assert not NET.search(refused.text)


def test_the_pdf_is_a_download(h5: H5, slip: str) -> None:
    file = h5("lihua", stepped_up=True).get(f"/payslips/{slip}/pdf")

    assert file.data.startswith(b"%PDF")
    assert "2026-02%20%E5%B7%A5%E8%B5%84%E6%9D%A1.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
