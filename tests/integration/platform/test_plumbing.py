"""Transactions, inbox, idempotency keys, files, settings, shared tokens and meters."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from entrypoints.shared import SharedMeter, SharedTokens
from kit import clock
from kit.errors import Invalid, NotFound, TooLarge
from models.base import db
from models.platform import Setting
from services import people, platform
from wecom import Token

pytestmark = pytest.mark.usefixtures("app")

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SOMEBODY = people.System("test")


class TestTransactions:
    def test_a_failure_undoes_everything(self) -> None:
        def half() -> None:
            platform.promise("test.work", {}, dedupe_key="half")
            raise RuntimeError

        with pytest.raises(RuntimeError):
            platform.transact(half)
        assert platform.transact(lambda: platform.promise("test.work", {}, dedupe_key="half"))

    def test_a_savepoint_undoes_only_itself(self) -> None:
        def refused() -> None:
            with platform.savepoint():
                platform.promise("test.work", {}, dedupe_key="inner")
                raise Invalid

        with platform.unit_of_work():
            platform.promise("test.work", {}, dedupe_key="outer")
            with pytest.raises(Invalid):
                refused()
        made = [
            platform.transact(lambda k=k: platform.promise("test.work", {}, dedupe_key=k)) for k in ("outer", "inner")
        ]
        assert made[0] is None
        assert made[1]

    def test_a_deadlock_is_tried_again_from_the_start(self) -> None:
        tries: list[int] = []

        def work() -> str:
            tries.append(1)
            if len(tries) < 3:
                raise OperationalError("UPDATE", {}, Exception(1213, "Deadlock found"))
            return "done"

        assert platform.transact(work) == "done"
        assert len(tries) == 3

    def test_other_database_errors_are_not_tried_again(self) -> None:
        def work() -> None:
            raise OperationalError("UPDATE", {}, Exception(1064, "syntax"))

        with pytest.raises(OperationalError):
            platform.transact(work)


class TestInbox:
    def test_only_the_first_delivery_is_work(self) -> None:
        with platform.unit_of_work():
            heard = [platform.inbox.first_time("a" * 64, "hr", "text", "lihua") for _ in range(3)]
        assert heard == [True, False, False]

    def test_old_deliveries_are_forgotten(self) -> None:
        platform.transact(lambda: platform.inbox.first_time("a" * 64, "hr", "text", "lihua"))
        with clock.frozen(clock.now() + timedelta(days=31)):
            assert platform.transact(platform.inbox.forget_old) == 1


class TestIdempotency:
    def test_a_repeat_hears_the_stored_answer(self) -> None:
        with platform.unit_of_work():
            assert platform.idempotency.begin("k" * 64, "h" * 64) is None
            platform.idempotency.finish("k" * 64, platform.Answer(201, "{}"))
        assert platform.idempotency.begin("k" * 64, "h" * 64) == platform.Answer(201, "{}")

    def test_the_same_key_for_something_else_is_refused(self) -> None:
        platform.transact(lambda: platform.idempotency.begin("k" * 64, "h" * 64))
        with pytest.raises(Invalid):
            platform.idempotency.begin("k" * 64, "i" * 64)

    def test_parts_cannot_run_into_each_other(self) -> None:
        assert platform.idempotency.digest(b"ab", b"c") != platform.idempotency.digest(b"a", b"bc")


class TestFiles:
    def test_a_file_comes_back_as_it_was(self) -> None:
        with platform.unit_of_work():
            stored = platform.files.store(None, "leave.proof", platform.Upload("病假条\x00.png", PNG))
        file = platform.files.fetch(stored, "leave.proof")
        assert (file.name, file.media_type, file.content) == ("病假条.png", "image/png", PNG)
        assert platform.files.name_of(stored) == "病假条.png"

    def test_a_file_is_reached_only_for_its_purpose(self) -> None:
        with platform.unit_of_work():
            stored = platform.files.store(None, "leave.proof", platform.Upload("a.png", PNG))
        for wrong in ((stored, "payroll.workbook"), ("0" * 26, "leave.proof")):
            with pytest.raises(NotFound):
                platform.files.fetch(*wrong)

    def test_the_content_decides_not_the_name(self) -> None:
        with pytest.raises(Invalid):
            platform.files.store(None, "leave.proof", platform.Upload("photo.png", b"<svg onload=alert(1)>"))
        with pytest.raises(TooLarge):
            platform.files.store(None, "leave.proof", platform.Upload("a.png", PNG + b"x" * platform.files.LARGEST))


class Hours(BaseModel):
    first: int = 8
    last: int = 22


HOURS = platform.declare("test.hours", "测试用时段", Hours())


class TestSettings:
    def test_unset_it_has_its_default(self) -> None:
        assert HOURS.get() == Hours()

    def test_changed_it_keeps_the_change_and_says_so(self) -> None:
        with platform.unit_of_work():
            HOURS.change(SOMEBODY, Hours(first=9))
        assert HOURS.get().first == 9
        assert db.session.get(Setting, "test.hours")
        assert platform.audit.count() == 1

    def test_a_name_belongs_to_one_place(self) -> None:
        assert HOURS in platform.settings.declared()
        with pytest.raises(ValueError):
            platform.declare("test.hours", "又一个", Hours())


class TestShared:
    def test_a_token_is_kept_for_all_processes(self, app: Flask) -> None:
        tokens = SharedTokens(app)
        token = Token("SECRET", clock.now() + timedelta(hours=1))
        tokens.put("corp:hr", token)
        tokens.put("corp:hr", token)
        assert tokens.get("corp:hr") == token
        tokens.forget("corp:hr", "another value")
        assert tokens.get("corp:hr") == token
        tokens.forget("corp:hr", "SECRET")
        assert tokens.get("corp:hr") is None

    def test_one_process_refreshes_at_a_time(self, app: Flask) -> None:
        tokens = SharedTokens(app)
        with tokens.refreshing("corp:hr", 30) as mine, tokens.refreshing("corp:hr", 30) as theirs:
            assert (mine, theirs) == (True, False)
        with tokens.refreshing("corp:hr", 30) as again:
            assert again

    def test_a_dead_refreshers_claim_lapses(self, app: Flask) -> None:
        platform.transact(lambda: platform.tokens.claim("corp:hr", 30))
        with clock.frozen(clock.now() + timedelta(seconds=31)):
            assert platform.transact(lambda: platform.tokens.claim("corp:hr", 30))

    def test_a_meter_holds_for_every_window(self, app: Flask) -> None:
        meter, start = SharedMeter(app), clock.now()
        counted: list[Any] = []
        for second in range(0, 240, 2):
            with clock.frozen(start + timedelta(seconds=second)):
                if meter.reserve("member:lihua", (25, 60)) == 0:
                    counted.append(second)
        assert len(counted) > 50
        for begin in counted:
            assert sum(begin <= second < begin + 60 for second in counted) <= 25

    def test_a_meter_holds_several_limits_at_once(self, app: Flask) -> None:
        meter, start = SharedMeter(app), clock.now()
        counted: list[int] = []
        for second in range(0, 900, 5):
            with clock.frozen(start + timedelta(seconds=second)):
                wait = meter.reserve("member:lihua", (4, 60), (20, 600))
                counted += [second] if wait == 0 else []
                assert wait < 610
        assert len(counted) >= 20
        for begin in counted:
            assert sum(begin <= second < begin + 60 for second in counted) <= 4
            assert sum(begin <= second < begin + 600 for second in counted) <= 20

    def test_tidying_leaves_nothing_that_nobody_can_ask_for(self, app: Flask) -> None:
        SharedMeter(app).reserve("member:lihua", (25, 60))
        SharedTokens(app).put("corp:hr", Token("SECRET", clock.now()))
        with clock.frozen(clock.now() + timedelta(days=40)):
            platform.transact(lambda: platform.tidy({}))
            assert SharedTokens(app).get("corp:hr") is None
