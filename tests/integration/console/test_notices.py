"""HR and its notices: who may, what is refused, what is seen."""

from collections.abc import Callable

import pytest

from kit import workbook
from models.base import db
from models.enums import Role
from models.people import Grant
from models.platform import AuditRecord
from services import people, platform
from simulator import Twin
from tests.factories import notices as make
from tests.factories import people as staff
from tests.support.clients import Someone

Ask = Callable[..., Someone]
FORM = {"title": "清明节放假安排", "body": make.BODY, "sender": "人事部", "is_for_all": "true"}


def written(hr: Someone, **changes: object) -> str:
    answer = hr.post("/notices", data={**FORM, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def test_from_the_first_word_to_the_last_reader(twin: Twin, drain: Callable[[], int], console: Ask, api: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei", "lucy")
    hr = console("hr")
    notice = written(hr, must_confirm="true")
    page = hr.get(f"/notices/{notice}").text
    assert "现在会发给 <strong>3</strong> 人：全体员工" in page

    hr.post(f"/notices/{notice}/send", data={"people": "3"})
    assert 'hx-trigger="every 2s"' in hr.get(f"/notices/{notice}/progress").text
    drain()
    assert 'hx-trigger="every 2s"' not in hr.get(f"/notices/{notice}/progress").text

    api("lilei").post(f"/notices/{notice}/confirm")
    page = hr.get(f"/notices/{notice}?only=unconfirmed").text
    assert "已确认 1 人（33%）" in page
    assert "<td>lucy</td>" in page
    assert "<td>lilei</td>" not in page
    assert hr.post(f"/notices/{notice}/nudge", data={}).status_code == 303
    drain()
    assert (len(twin.chat("lilei")), len(twin.chat("lucy"))) == (1, 2)
    assert "清明节放假安排" in hr.get("/notices?state=sent&sort=title").text


def test_the_number_agreed_to_must_still_be_true(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    hr = console("hr")
    notice = written(hr)
    make.staff(twin, "lilei")
    refusal = hr.post(f"/notices/{notice}/send", data={"people": "1"})
    assert refusal.status_code == 409
    assert "接收范围现在是 2 人" in refusal.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "标题"),
        ({"title": "长" * 37}, "最多 36 个字"),
        ({"body": "长" * 5001}, "最多 5000 个字"),
        ({"is_for_all": ""}, "请选择接收范围"),
        ({"is_for_all": "", "persons": "lilei nobody"}, "找不到在职人员：lilei、nobody"),
        ({"is_for_all": "", "departments": "x"}, "部门"),
        ({"is_for_all": "", "roles": "king"}, "角色"),
        ({"state": "sent"}, "没有这一项"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    twin: Twin, console: Ask, changes: dict[str, str], sentence: str
) -> None:
    make.hr(twin)
    hr = console("hr")
    refusal = hr.post("/notices", data={**FORM, **changes})
    assert refusal.status_code == 422
    assert sentence in refusal.text
    assert "还没有公告" in hr.get("/notices").text


def test_only_hr_may(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    staff.person("auditor", roles=(Role.AUDITOR,))
    notice = make.draft()
    assert console("lilei").get("/notices").status_code == 403
    assert console("lilei").post("/notices", data=FORM).status_code == 403
    assert console("auditor").get(f"/notices/{notice}").status_code == 200
    assert console("auditor").post(f"/notices/{notice}/send", data={"people": "3"}).status_code == 403


def test_hr_of_a_department_writes_to_that_department_only(twin: Twin, console: Ask) -> None:
    company = staff.department("公司")
    shop = staff.department("门店", parent=company)
    make.hr(twin)
    office_notice = make.draft()
    clerk = staff.person("clerk", dept=shop)
    with platform.unit_of_work():
        db.session.add(Grant(person_id=clerk.id, role=Role.HR, department_id=shop.id))
    clerk = console("clerk")
    assert clerk.post("/notices", data=FORM).status_code == 403
    assert written(clerk, is_for_all="", departments=shop.id)
    assert clerk.get(f"/notices/{office_notice}").status_code == 404


def test_a_draft_is_changed_and_thrown_away(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    hr = console("hr")
    notice = written(hr, is_for_all="", persons="lilei")
    editor = hr.get(f"/notices/{notice}/edit").text
    assert 'value="lilei"' in editor
    hr.post(f"/notices/{notice}", data={**FORM, "title": "改过的标题"})
    assert "改过的标题" in hr.get("/notices").text
    hr.post(f"/notices/{notice}/discard", data={})
    assert "还没有公告" in hr.get("/notices").text


def test_what_is_sent_is_not_changed_any_more(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    hr = console("hr")
    notice = make.sent()
    assert hr.get(f"/notices/{notice}/edit").status_code == 409
    assert hr.post(f"/notices/{notice}", data=FORM).status_code == 409
    assert hr.post(f"/notices/{notice}/discard", data={}).status_code == 409


def test_the_card_is_drawn_while_hr_types(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    hr = console("hr")
    assert "写公告" in hr.get("/notices/new").text
    drawn = hr.post("/notices/sketch", data={"title": "放<b>", "must_confirm": "true", "is_for_all": "true"}).text
    assert "放&lt;b&gt;" in drawn
    assert "我已知悉" in drawn
    assert "<strong>1</strong> 人" in drawn
    assert "请选择接收范围" in hr.post("/notices/sketch", data={"title": "放"}).text


def test_it_is_scheduled_in_company_time(twin: Twin, console: Ask) -> None:
    make.hr(twin)
    hr = console("hr")
    notice = written(hr)
    refusal = hr.post(f"/notices/{notice}/schedule", data={"people": "1", "at": "2026-03-02T09:30"})
    assert "今后" in refusal.text
    hr.post(f"/notices/{notice}/schedule", data={"people": "1", "at": "2026-03-02T14:00"})
    assert "3月2日 14:00" in hr.get(f"/notices/{notice}").text


def test_lists_are_taken_away_as_files(twin: Twin, drain: Callable[[], int], console: Ask) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice = make.sent(title="=1+1")
    drain()
    hr = console("hr")
    table = workbook.read(hr.get(f"/notices/{notice}?format=xlsx&only=unread").data)
    assert {(row.text("姓名"), row.text("进度")) for row in table.rows} == {
        ("韩梅梅", "已送达，未读"),
        ("lilei", "已送达，未读"),
    }
    assert "'=1+1,已发送" in hr.get("/notices?format=csv").data.decode("utf-8-sig")


def test_sending_in_the_companys_name_is_on_record(twin: Twin, console: Ask) -> None:
    made = make.hr(twin)
    notice = make.sent()
    rows = db.session.query(AuditRecord).filter_by(subject=notice).order_by(AuditRecord.seq).all()
    assert [(row.action, row.actor) for row in rows] == [
        ("notices.notice.create", people.by_id(made.id).label),
        ("notices.notice.send", made.id),
    ]
    assert rows[-1].after == {"people": 1}


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_costs_the_same_however_long(twin: Twin, console: Ask, statements: list[str], count: int) -> None:
    make.hr(twin)
    for n in range(count):
        make.draft(title=f"第{n}条")
    hr = console("hr")
    statements.clear()
    hr.get("/notices?limit=20")
    assert len(statements) <= 5
