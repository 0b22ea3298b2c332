"""The applicant takes away a signed receipt, and a stranger checks it with one file and no system."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from kit.ids import new_id
from kit.signing import Signer
from models.base import db
from models.enums import Role
from models.platform import AuditRecord, Receipt, ReceiptRoot
from services import approvals, people, platform, wiring
from services.platform import vault
from tests.factories.approvals import Company, ask, company, open_tasks
from tests.factories.people import person
from tests.support.clients import Someone
from tools import verify_receipt
from tools.verify_receipt import Forged, read_keys, read_roots, verify

Api = Callable[..., Someone]
VERIFIER = Path(__file__).parents[3] / "tools/verify_receipt.py"
TOMORROW = datetime(2026, 3, 2, 17, 10, tzinfo=UTC)  # 01:10 on 3 March in Shanghai


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def decided(staff: Company, decision: str = "approve", comment: str = "") -> str:
    """A trip that ended by the lead's decision."""
    trip = ask(staff.li)
    with platform.unit_of_work():
        task_id = open_tasks(trip)["lead"].id
        approvals.decide(people.by_id(staff.lead.id), task_id, approvals.Decide(decision=decision, comment=comment))
    return trip.id


def taken(api: Api, instance_id: str, who: str = "li") -> Any:
    return api(who).get(f"/approvals/instances/{instance_id}/receipt")


def anchor(at: datetime = TOMORROW) -> list[str]:
    """The night's work, and the lines it writes outside."""
    with clock.frozen(at):
        head = platform.transact(lambda: platform.receipts.close(people.System("tests"))) or ""
        platform.transact(lambda: platform.receipts.anchored({}, {"head": head}))
    return head.splitlines()


def keys(api: Api) -> dict[str, str]:
    return read_keys(api("li").get("/receipts/keys").text)


@pytest.fixture
def bound(staff: Company, api: Api) -> dict[str, Any]:
    """A receipt under the root of its day, among three others: every path has two steps."""
    trips = [decided(staff) for _ in range(4)]
    for trip in trips:
        taken(api, trip)
    anchor()
    receipt: dict[str, Any] = taken(api, trips[2]).json
    return receipt


def test_a_receipt_says_who_asked_what_and_who_decided(staff: Company, api: Api) -> None:
    content = taken(api, decided(staff, "reject", "预算不足")).json["content"]
    assert (content["title"], content["state"], content["rows"]) == (
        "李雷申请出差1天",
        "rejected",
        [["事由", "拜访客户"]],
    )
    assert content["applicant"] == {"name": "李雷", "userid": "li", "number": None}
    assert content["subject"] == {"code": "trip", "title": "出差"}
    assert content["asked_at"] == content["ended_at"] == "2026-03-02T01:30:00+00:00"
    (decision,) = content["decisions"]
    assert (decision["step"], decision["decision"], decision["by"]) == ("直接上级", "rejected", "组长")
    assert (decision["comment"], decision["in_place_of"]) == ("预算不足", None)
    assert (content["ended_by"], content["history"]["entries"]) == ("组长", 3)


def test_it_is_taken_down_once_and_stays(staff: Company, api: Api) -> None:
    trip = decided(staff)
    before = taken(api, trip).json
    with platform.unit_of_work():
        people_row = db.session.get_one(type(staff.lead), staff.lead.id)
        people_row.name = "改名的组长"
        approvals.trail.note(trip, approvals.trail.Entry(approvals.trail.Act.URGED, actor_id=staff.li.id))
    assert taken(api, trip).json == before
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_only_the_applicant_takes_it_and_only_at_the_end(staff: Company, api: Api) -> None:
    trip, pending = decided(staff), ask(staff.li).id
    assert [taken(api, trip, who).status_code for who in ("lead", "hua", "chief")] == [404, 404, 404]
    early = taken(api, pending)
    assert (early.status_code, early.json["title"]) == (409, "申请还没有结束，有了结果再来下载回执")
    assert taken(api, new_id()).status_code == 404


def test_who_withdraws_has_a_receipt_too(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    with platform.unit_of_work():
        approvals.withdraw("trip", trip.subject_id, people.by_id(staff.li.id))
    content = taken(api, trip.id).json["content"]
    assert (content["state"], content["ended_by"], content["decisions"]) == ("withdrawn", "李雷", [])


def test_a_fresh_receipt_is_signed_and_not_yet_bound(staff: Company, api: Api) -> None:
    receipt = taken(api, decided(staff)).json
    assert receipt["proof"] is None
    assert verify(receipt, keys(api)) is False


def test_the_night_binds_it_and_the_root_is_published_audited_and_anchored(bound: Any, api: Api) -> None:
    roots = read_roots(api("li").get("/receipts/roots").text)
    assert verify(bound, keys(api), roots) is True
    assert list(roots) == ["2026-03-02"]
    assert db.session.scalars(select(ReceiptRoot)).one().receipts == 4
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "platform.receipts.close")).one()
    assert record.after == {"root": roots["2026-03-02"], "receipts": 4}
    assert api("li").get("/receipts/roots?before=2026-03-02").json == []


def test_keys_and_roots_are_for_everybody(bound: Any, app: Flask) -> None:
    stranger = app.test_client()
    for place in ("keys", "roots"):
        assert stranger.get(f"/api/v1/receipts/{place}", base_url="https://hr.example.com").status_code == 200


def test_a_day_is_closed_once_and_latecomers_go_under_the_next_root(staff: Company, api: Api) -> None:
    taken(api, decided(staff))
    first = anchor()
    late = decided(staff)
    taken(api, late)
    assert (len(first), anchor()) == (1, [])
    (second,) = anchor(TOMORROW + timedelta(days=1))
    assert second.startswith("2026-03-03 ")
    assert taken(api, late).json["proof"]["root"]["day"] == "2026-03-03"
    assert anchor(TOMORROW + timedelta(days=2)) == []


def test_a_line_lost_on_the_way_out_is_written_again(staff: Company, api: Api) -> None:
    taken(api, decided(staff))
    doer = people.System("tests")
    with clock.frozen(TOMORROW):
        lost = platform.transact(lambda: platform.receipts.close(doer))
    assert (anchor(), anchor()) == ([lost], [])


def test_the_job_writes_the_file_that_the_verifier_reads(
    staff: Company, api: Api, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drain: Callable[[], int]
) -> None:
    trip = decided(staff)
    place = tmp_path / "roots.log"
    monkeypatch.setitem(app.config, "AUDIT", app.config["AUDIT"].model_copy(update={"receipt_file": str(place)}))
    platform.transact(lambda: wiring.WORKERS["approvals.issue_receipts"]({"slot": "tonight"}))
    with clock.frozen(TOMORROW):
        platform.transact(lambda: platform.promise("receipts.anchor", {"slot": "tonight"}))
        drain()
    assert verify(taken(api, trip).json, keys(api), read_roots(place.read_text())) is True


def test_every_request_that_ended_lately_gets_one_by_itself(
    staff: Company, api: Api, monkeypatch: pytest.MonkeyPatch, drain: Callable[[], int]
) -> None:
    monkeypatch.setattr("services.approvals.receipts.CHUNK", 2)
    trips = {decided(staff) for _ in range(5)}
    taken(api, next(iter(trips)))
    ask(staff.li)
    platform.transact(lambda: platform.promise("approvals.issue_receipts", {"slot": "tonight"}))
    drain()
    assert set(db.session.scalars(select(Receipt.thing_id))) == trips


def test_receipts_cost_the_same_statements_however_many_they_are(staff: Company, statements: list[str]) -> None:
    def night() -> int:
        db.session.commit()
        statements.clear()
        platform.transact(lambda: wiring.WORKERS["approvals.issue_receipts"]({"slot": "tonight"}))
        return len(statements)

    decided(staff)
    alone = night()
    for _ in range(8):
        decided(staff)
    assert night() == alone


OTHER_SIDE = {"left": "right", "right": "left"}
FORGERIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another state": lambda r: r["content"].update(state="rejected"),
    "another title": lambda r: r["content"].update(title="李雷申请出差9天"),
    "another applicant": lambda r: r["content"]["applicant"].update(name="韩梅梅"),
    "another time": lambda r: r["content"].update(ended_at="2026-03-01T01:30:00+00:00"),
    "another decider": lambda r: r["content"]["decisions"][0].update(by="老板"),
    "a decision more": lambda r: r["content"]["decisions"].append(r["content"]["decisions"][0]),
    "another history": lambda r: r["content"]["history"].update(sha256="0" * 64),
    "a field more": lambda r: r["content"].update(note="附加条款"),
    "a field less": lambda r: r["content"].pop("rows"),
    "no signature": lambda r: r["signature"].update(value=""),
    "the root's signature": lambda r: r["signature"].update(value=r["proof"]["root"]["signature"]),
    "a leaf on the other side": lambda r: r["proof"]["path"][0].update(side=OTHER_SIDE[r["proof"]["path"][0]["side"]]),
    "a path in another order": lambda r: r["proof"]["path"].reverse(),
    "a shorter path": lambda r: r["proof"]["path"].pop(),
    "another neighbour": lambda r: r["proof"]["path"][0].update(hash="0" * 64),
    "another root": lambda r: r["proof"]["root"].update(root="0" * 64),
    "another day": lambda r: r["proof"]["root"].update(day="2026-03-01"),
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_whatever_is_changed_is_refused(bound: Any, api: Api, forge: Callable[[Any], Any]) -> None:
    trusted = keys(api)
    assert verify(bound, trusted)
    forged = copy.deepcopy(bound)
    forge(forged)
    with pytest.raises(Forged):
        verify(forged, trusted)


def test_a_leaf_moved_to_the_place_of_another_is_refused(staff: Company, api: Api) -> None:
    trips = [decided(staff) for _ in range(4)]
    for trip in trips:
        taken(api, trip)
    anchor()
    one, other = (taken(api, trip).json for trip in trips[:2])
    with pytest.raises(Forged, match="path does not lead"):
        verify({**one, "proof": other["proof"]}, keys(api))


def test_a_wrong_key_is_refused(bound: Any, api: Api) -> None:
    stranger = Signer(b"x" * 32)
    with pytest.raises(Forged, match="not among the keys"):
        verify(bound, {stranger.key_id: stranger.public})
    (key_id,) = keys(api)
    with pytest.raises(Forged, match="does not fit"):
        verify(bound, {key_id: stranger.public})
    with pytest.raises(Forged, match="not the name of its key"):
        read_keys(json.dumps([{"id": key_id, "public": stranger.public}]))


def test_a_root_that_others_did_not_keep_is_refused(bound: Any, api: Api) -> None:
    for kept in ({}, {"2026-03-02": "0" * 64}):
        with pytest.raises(Forged, match="list of roots"):
            verify(bound, keys(api), kept)


def test_receipts_of_an_older_key_stay_good(staff: Company, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    old = decided(staff)
    taken(api, old)
    monkeypatch.setattr(vault, "_pair", [Signer(b"n" * 32)])
    new = decided(staff)
    taken(api, new)
    anchor()
    trusted = keys(api)
    assert len(trusted) == 2
    assert all(verify(taken(api, trip).json, trusted) for trip in (old, new))


def run(place: Path, receipt: Any, api: Api, *more: str) -> subprocess.CompletedProcess[str]:
    """The verifier as a stranger runs it: a file of its own, somewhere else, isolated from this tree."""
    (place / "verify_receipt.py").write_bytes(VERIFIER.read_bytes())
    (place / "receipt.json").write_text(receipt if isinstance(receipt, str) else json.dumps(receipt))
    (place / "keys.json").write_text(api("li").get("/receipts/keys").text)
    (place / "roots.json").write_text(api("li").get("/receipts/roots").text)
    command = [sys.executable, "-I", "verify_receipt.py", "receipt.json", "--keys", "keys.json", *more]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def test_the_verifier_runs_by_itself(bound: Any, api: Api, tmp_path: Path) -> None:
    done = run(tmp_path, bound, api, "--roots", "roots.json")
    assert (done.returncode, done.stderr) == (verify_receipt.GENUINE, "")
    assert "李雷申请出差1天" in done.stdout
    assert "GENUINE." in done.stdout


def test_the_verifier_takes_the_file_of_the_phone_page(staff: Company, api: Api, h5: Api, tmp_path: Path) -> None:
    trip = decided(staff)
    page = h5("li").get(f"/approvals/{trip}").text
    assert "下载回执" in page
    assert "下载回执" not in h5("lead").get(f"/approvals/{trip}").text
    file = h5("li").get(f"/approvals/{trip}/receipt")
    assert file.mimetype == "application/json"
    assert "attachment" in file.headers["Content-Disposition"]
    assert run(tmp_path, file.text, api).returncode == verify_receipt.UNBOUND


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"content": 1, "signature": {}, "proof": null}'])
def test_the_verifier_refuses_what_is_no_receipt(text: str, staff: Company, api: Api, tmp_path: Path) -> None:
    done = run(tmp_path, text, api)
    assert (done.returncode, "NOT GENUINE" in done.stderr) == (verify_receipt.FORGED, True)


def test_the_verifier_names_what_was_forged(bound: Any, api: Api, tmp_path: Path) -> None:
    bound["content"]["title"] = "李雷申请出差9天"
    done = run(tmp_path, bound, api)
    assert (done.returncode, "signature does not fit" in done.stderr) == (verify_receipt.FORGED, True)


def test_a_receipt_tells_of_what_was_sent_back_before(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    with platform.unit_of_work():
        task_id = open_tasks(trip)["lead"].id
        approvals.send_back(people.by_id(staff.lead.id), task_id, approvals.SendBack(reason="写清行程"))
    assert taken(api, trip.id).status_code == 409
    assert not api("li").get(f"/approvals/instances/{trip.id}").json["has_receipt"]
    with platform.unit_of_work():
        approvals.withdraw("trip", trip.subject_id, people.by_id(staff.li.id))
    content = taken(api, trip.id).json["content"]
    assert [(one["decision"], one["by"], one["comment"]) for one in content["decisions"]] == [
        ("returned", "组长", "写清行程")
    ]


def test_a_receipt_of_a_step_decided_for_somebody_says_so(staff: Company, api: Api) -> None:
    deputy = person("deputy", "代理人", roles=(Role.HR,))
    with platform.unit_of_work():
        days = {"first_day": clock.today(), "last_day": clock.today()}
        approvals.delegate(people.by_id(staff.lead.id), approvals.Delegate(to="deputy", **days))
    trip = ask(staff.li)
    with platform.unit_of_work():
        task_id = open_tasks(trip)["lead"].id
        approvals.decide(people.by_id(deputy.id), task_id, approvals.Decide(decision="approve"))
    (decision,) = taken(api, trip.id).json["content"]["decisions"]
    assert (decision["by"], decision["in_place_of"]) == ("代理人", "组长")
