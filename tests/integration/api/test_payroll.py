"""The owner's side: opening needs proof and leaves a trace, nobody else gets in, figures rest sealed."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from kit.sealing import SealBroken
from models.base import Base, db
from models.enums import Role
from models.payroll import DisputeWord, Payslip
from models.platform import AuditRecord
from services import payroll, people, platform
from services.payroll import access, disputes
from simulator import Twin
from tests.factories import people as make
from tests.factories.payroll import Company, row, staff
from tests.support.clients import Someone

Api = Callable[..., Someone]
Drain = Callable[[], int]
MARKER, MARKER_NET = 76543.21, "76252.71"  # + 0 bonus − 290.50 tax
PLACES = ("", "/pdf", "/viewers")


@pytest.fixture
def company(app: object, twin: Twin) -> Company:
    return Company(twin)


@pytest.fixture
def batch_id(company: Company, drain: Drain) -> str:
    """February's payslips, published: Li's carries the marker."""
    made = company.release(row(company.li, base=MARKER, bonus=0, note="含补发"), row(company.han))
    drain()
    return made


def slip_of(person: object, batch_id: str) -> str:
    return db.session.scalar(select(Payslip.id).where(Payslip.batch_id == batch_id, Payslip.person_id == person.id))


@pytest.fixture
def slip(company: Company, batch_id: str) -> str:
    return f"/payroll/payslips/{slip_of(company.li, batch_id)}"


def test_the_history_lists_without_amounts(company: Company, api: Api, batch_id: str) -> None:
    (line,) = api("lihua").get("/payroll/payslips").json["items"]

    assert (line["month"], line["title"], line["version"]) == ("2026-02-01", "工资", 1)
    assert not {"net", "lines", "totals"} & line.keys()
    assert api("boss").get("/payroll/payslips").json["items"] == []


def test_opening_needs_step_up(api: Api, slip: str) -> None:
    refused = api("lihua").get(slip)

    assert (refused.status_code, refused.json["type"]) == (403, "/problems/step_up_required")
    assert "76543" not in refused.text


def test_an_opened_payslip_reconciles_and_shows_who_looks(api: Api, slip: str) -> None:
    opened = api("lihua", stepped_up=True).get(slip)

    assert opened.headers["Cache-Control"] == "no-store"
    found = opened.json
    assert found["totals"] == {
        "earnings": "76543.21", "deductions": "290.50", "employer_cost": "1600.00", "net": MARKER_NET,
    }  # fmt: skip
    assert found["lines"][0] == {"kind": "earning", "name": "基本工资", "amount": "76543.21"}
    assert found["notes"] == [{"name": "备注", "text": "含补发"}]
    assert found["watermark"] == "李华 2026-03-02 09:30"
    assert sum(part["permille"] for part in found["makeup"]["spent"]) == 1000
    assert found["makeup"]["text"] == "实发占应发的 99.6%，个人所得税占应发的 0.4%"


def test_every_look_is_visible_to_the_owner_and_to_the_auditor(
    company: Company, api: Api, console: Api, slip: str
) -> None:
    api("lihua", stepped_up=True).get(slip)
    console("gao", stepped_up=True).get(f"/console{slip}/figures?purpose=answer")
    seen = api("lihua").get(f"{slip}/viewers").json

    assert {(look["name"], look["purpose"], look["purpose_title"]) for look in seen} == {
        ("李华", "own", "本人查看"),
        ("高薪", "answer", "答复员工疑问"),
    }
    audited = db.session.execute(
        select(AuditRecord.action, AuditRecord.actor, AuditRecord.after).where(
            AuditRecord.subject == slip.rpartition("/")[2]
        )
    ).all()
    assert {(action, actor, after["purpose"]) for action, actor, after in audited} == {
        ("payroll.payslip.view", company.li.id, "own"),
        ("payroll.payslip.inspect", company.preparer.id, "answer"),
    }


def test_no_record_means_no_payslip(api: Api, slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_args: object, **_options: object) -> None:
        raise RuntimeError("the audit table is gone")

    monkeypatch.setattr(platform.audit, "record", failing)
    refused = api("lihua", stepped_up=True).get(slip)

    assert refused.status_code == 500
    assert "76543" not in refused.text


@pytest.mark.parametrize("who", ["hanmei", "boss", "hr", "admin", "auditor", "gao", "wei"])
def test_nobody_else_reads_it_here_and_absent_looks_the_same(
    company: Company, twin: Twin, api: Api, slip: str, who: str
) -> None:
    for userid, role in (("hr", Role.HR), ("admin", Role.ADMIN), ("auditor", Role.AUDITOR)):
        staff(twin, userid, roles=(role,))
    somebody = api(who, stepped_up=True)
    for path in PLACES:
        theirs, absent = somebody.get(slip + path), somebody.get(f"/payroll/payslips/{'0' * 26}{path}")
        assert (theirs.status_code, theirs.json["title"]) == (absent.status_code, absent.json["title"])
        assert theirs.status_code == 404
        assert "76543" not in theirs.text
    for path, body in (("/confirm", {}), ("/disputes", {"text": "为什么"})):
        assert somebody.post(slip + path, json=body).status_code == 404


def test_confirming_twice_is_confirming_once(api: Api, slip: str) -> None:
    li = api("lihua", stepped_up=True)
    assert li.post(f"{slip}/confirm").status_code == 204
    first = li.get(slip).json["confirmed_at"]
    assert li.post(f"{slip}/confirm").status_code == 204

    assert li.get(slip).json["confirmed_at"] == first
    assert db.session.query(AuditRecord).filter_by(action="payroll.payslip.confirm").count() == 1


def test_the_pdf_holds_the_figures_and_the_watermark(api: Api, slip: str) -> None:
    file = api("lihua", stepped_up=True).get(f"{slip}/pdf")

    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(file.data)).pages).replace("\0", "")
    for words in ("2026年2月 工资条", "基本工资", "76,543.21", "76,252.71", "李华 2026-03-02 09:30", "含补发"):
        assert words in text
    assert db.session.query(AuditRecord).filter_by(action="payroll.payslip.download").count() == 1


def test_a_character_without_a_glyph_is_an_error_not_a_gap(
    company: Company, twin: Twin, api: Api, drain: Drain
) -> None:
    rare, drawn = staff(twin, "ji", "𠮷田"), staff(twin, "long", "㐂龘")
    batch_id = company.release(row(rare), row(drawn))
    drain()
    refused = api("ji", stepped_up=True).get(f"/payroll/payslips/{slip_of(rare, batch_id)}/pdf")
    fine = api("long", stepped_up=True).get(f"/payroll/payslips/{slip_of(drawn, batch_id)}/pdf")

    assert refused.status_code == 409
    assert "𠮷（U+20BB7）" in refused.json["title"]
    assert fine.status_code == 200


# ── corrections ──


def test_a_correction_replaces_and_says_what_changed(
    company: Company, twin: Twin, api: Api, slip: str, drain: Drain
) -> None:
    li, han = api("lihua", stepped_up=True), api("hanmei", stepped_up=True)
    li.get(slip)
    company.release(row(company.li, base=MARKER + 100, bonus=0), row(company.han, bonus=600), is_correction=True)
    drain()
    (line,) = li.get("/payroll/payslips").json["items"]
    new = li.get(f"/payroll/payslips/{line['id']}").json
    old = li.get(slip).json

    assert (new["version"], new["is_current"], old["version"], old["is_current"]) == (2, True, 1, False)
    assert [(c["name"], c["before"], c["after"], c["delta"]) for c in new["corrections"]] == [
        ("基本工资", "76543.21", "76643.21", "100.00")
    ]
    assert "已更正" in str(twin.chat("lihua")[-1])  # had opened the old one
    assert "已发布" in str(twin.chat("hanmei")[-1])  # had not
    assert li.post(f"{slip}/confirm").status_code == 404  # only what is in force is confirmed
    assert [line["version"] for line in han.get("/payroll/payslips").json["items"]] == [2]


def test_the_newest_payslip_is_that_of_the_newest_month(company: Company, batch_id: str, drain: Drain) -> None:
    company.release(month="2026-01")  # a late one, published after February's
    drain()

    with platform.unit_of_work(writes=False):
        newest = payroll.latest(people.by_userid("lihua"))
    assert newest
    assert f"{newest.month:%Y-%m}" == "2026-02"


def test_a_recalled_payslip_is_listed_but_closed_until_corrected(
    company: Company, twin: Twin, api: Api, batch_id: str, slip: str, drain: Drain
) -> None:
    li = api("lihua", stepped_up=True)
    li.get(slip)
    with platform.unit_of_work():
        payroll.recall(people.by_id(company.releaser.id), batch_id)
    drain()

    assert [line["is_recalled"] for line in li.get("/payroll/payslips").json["items"]] == [True]
    assert li.get(slip).status_code == 409
    assert li.get(f"{slip}/pdf").status_code == 409
    assert "已撤回" in str(twin.chat("lihua")[-1])
    assert len(twin.chat("hanmei")) == 1  # never opened it: nothing to unlearn
    with platform.unit_of_work():
        assert payroll.latest(people.by_userid("lihua")) is None

    company.release(row(company.li, base=5000), is_correction=True)
    drain()
    (line,) = li.get("/payroll/payslips").json["items"]
    assert (line["version"], line["is_recalled"]) == (2, False)


# ── questions ──


def test_a_question_travels_both_ways_and_ends(
    company: Company, twin: Twin, api: Api, console: Api, slip: str, drain: Drain
) -> None:
    li, gao = api("lihua", stepped_up=True), console("gao", stepped_up=True)
    asked = li.post(f"{slip}/disputes", json={"item": "扣款：个人所得税", "text": "比上月多了123.45，为什么？"})
    drain()
    dispute = asked.json["id"]
    assert (asked.status_code, asked.json["state"]) == (201, "open")
    (to_payroll,) = [str(seen) for seen in twin.chat("gao") if "疑问" in str(seen)]
    assert not any(secret in to_payroll for secret in ("李华", "123.45"))

    assert gao.post(f"/payroll/disputes/{dispute}/answers", data={"text": "专项扣除到期"}).status_code == 303
    drain()
    assert "已有答复" in str(twin.chat("lihua")[-1])
    thread = li.get(f"/payroll/disputes/{dispute}").json
    assert [(word["author_name"], word["text"]) for word in thread["words"]] == [
        ("李华", "比上月多了123.45，为什么？"),
        ("高薪", "专项扣除到期"),
    ]

    assert li.post(f"/payroll/disputes/{dispute}/words", json={"text": "那是哪一项？"}).status_code == 204
    assert gao.post(f"/payroll/disputes/{dispute}/close").status_code == 409  # not before an answer
    assert li.post(f"/payroll/disputes/{dispute}/close").status_code == 204
    assert li.post(f"/payroll/disputes/{dispute}/words", json={"text": "还有"}).status_code == 409
    assert [one["state"] for one in li.get("/payroll/disputes").json["items"]] == ["closed"]


def test_a_question_names_a_line_that_exists_and_threads_are_private(company: Company, api: Api, slip: str) -> None:
    li = api("lihua", stepped_up=True)
    for nothing in ("不存在的项目", "个人所得税", "应发：个人所得税"):
        assert li.post(f"{slip}/disputes", json={"item": nothing, "text": "?"}).status_code == 422
    dispute = li.post(f"{slip}/disputes", json={"text": "整体看不懂"}).json["id"]

    for who in ("hanmei", "boss", "gao", "wei"):
        other = api(who, stepped_up=True)
        assert other.get(f"/payroll/disputes/{dispute}").status_code == 404
        assert other.post(f"/payroll/disputes/{dispute}/words", json={"text": "x"}).status_code == 404
        assert other.post(f"/payroll/disputes/{dispute}/close").status_code == 404


def test_open_questions_are_bounded(api: Api, slip: str) -> None:
    li = api("lihua", stepped_up=True)
    answers = [li.post(f"{slip}/disputes", json={"text": f"第{n}个问题"}).status_code for n in range(6)]

    assert answers == [201] * 5 + [409]


def test_a_thread_has_an_end(company: Company, api: Api, slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disputes, "MOST_WORDS", 3)
    li = api("lihua", stepped_up=True)
    place = f"/payroll/disputes/{li.post(f'{slip}/disputes', json={'text': '一'}).json['id']}"

    assert [li.post(f"{place}/words", json={"text": word}).status_code for word in "二三四"] == [204, 204, 409]
    assert [li.post(f"{place}/close").status_code for _ in range(2)] == [204, 204]
    assert len(li.get(place).json["words"]) == 3


# ── at rest ──


def test_no_figure_and_no_word_about_one_rests_in_the_clear(
    company: Company, api: Api, console: Api, slip: str, batch_id: str, drain: Drain, caplog: pytest.LogCaptureFixture
) -> None:
    li, gao = api("lihua", stepped_up=True), console("gao", stepped_up=True)
    li.get(slip)
    keyed = {"json": {"text": "应为76,543.21而不是7654321"}, "headers": {"Idempotency-Key": "asked-once"}}
    dispute = li.post(f"{slip}/disputes", **keyed).json["id"]
    assert li.post(f"{slip}/disputes", **keyed).json["id"] == dispute
    gao.post(f"/payroll/disputes/{dispute}/answers", data={"text": "7654321分正确"})
    gao.get(f"/payroll/batches/{batch_id}/figures?purpose=review")
    drain()
    shown = ("76543", "76,543", "7654321", "7625271", "76252", "含补发")

    for table in Base.metadata.sorted_tables:
        for line in db.session.execute(table.select()):
            kept = [bytes(cell).decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in line]
            assert not [(table.name, mark) for mark in shown if any(mark in cell for cell in kept)]
            raw = [cell for cell in line if isinstance(cell, bytes)]
            assert not [table.name for mark in shown for cell in raw if mark.encode() in cell]
    assert not [mark for mark in shown if mark in caplog.text]


def test_figures_do_not_open_in_another_row(company: Company, batch_id: str) -> None:
    lis = db.session.get(Payslip, slip_of(company.li, batch_id))
    hans = db.session.get(Payslip, slip_of(company.han, batch_id))

    assert access.opened(lis.id, lis.sealed).net != access.opened(hans.id, hans.sealed).net
    with pytest.raises(SealBroken):
        access.opened(hans.id, lis.sealed)
    with pytest.raises(SealBroken):
        access.opened(lis.id, lis.sealed[:-1] + bytes([lis.sealed[-1] ^ 1]))


def test_swapped_figures_are_an_alarm_never_wrong_data(company: Company, api: Api, slip: str, batch_id: str) -> None:
    lis = db.session.get(Payslip, slip_of(company.li, batch_id))
    lis.sealed = db.session.get(Payslip, slip_of(company.han, batch_id)).sealed
    db.session.commit()
    refused = api("lihua", stepped_up=True).get(slip)

    assert refused.status_code == 500
    assert "10209" not in refused.text
    assert db.session.query(DisputeWord).count() == 0


@pytest.mark.parametrize("months", [1, 6])
def test_opening_costs_at_most_six_statements(
    company: Company, api: Api, drain: Drain, statements: list[str], months: int
) -> None:
    for number in range(1, months + 1):
        others = [row(make.person(f"m{number}p{n}")) for n in range(months)]
        batch = company.release(row(company.li), *others, month=f"2025-{number:02}")
    drain()
    li, place = api("lihua", stepped_up=True), f"/payroll/payslips/{slip_of(company.li, batch)}"
    for _look in ("the first", "a later"):
        statements.clear()
        assert li.get(place).status_code == 200
        assert len(statements) <= 6, statements


def test_the_history_pages_and_filters(company: Company, api: Api, drain: Drain) -> None:
    months = [f"2025-{n:02}" for n in range(9, 13)] + ["2026-01"]
    for month in months:
        company.release(row(company.li), month=month)
    drain()
    li = api("lihua")
    first = li.get("/payroll/payslips?limit=3").json
    rest = li.get(f"/payroll/payslips?limit=3&cursor={first['next_cursor']}").json

    assert [line["month"][:7] for line in first["items"] + rest["items"]] == sorted(months, reverse=True)
    assert rest["next_cursor"] is None
    assert len(li.get("/payroll/payslips?year=2025").json["items"]) == 4
    assert li.get("/payroll/payslips?cursor=nonsense").status_code == 422
