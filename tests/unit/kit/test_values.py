"""Clock, ids, text and pages: small promises, kept."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock, ids, pages, text
from kit.errors import Invalid


class TestClock:
    def test_the_business_day_is_the_companys_not_utcs(self) -> None:
        with clock.frozen(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)):
            assert clock.today() == date(2026, 3, 2)

    def test_minutes_past_midnight_fall_on_the_next_day(self) -> None:
        assert clock.local(clock.at_local(date(2026, 3, 2), 1500)).strftime("%d %H:%M") == "03 01:00"

    def test_a_frozen_clock_needs_an_aware_instant(self) -> None:
        with pytest.raises(ValueError), clock.frozen(datetime(2026, 3, 2)):
            pass

    def test_time_goes_on_after_the_freeze(self) -> None:
        with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
            assert clock.epoch() == 1577836800
        assert clock.now().year > 2020
        assert clock.ticks() <= clock.ticks()


class TestIds:
    def test_an_id_has_its_form_and_is_new(self) -> None:
        made = {ids.new_id() for _ in range(200)}
        assert len(made) == 200
        assert all(re.fullmatch(ids.PATTERN, one) for one in made)

    def test_ids_sort_by_the_time_they_were_made(self) -> None:
        with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
            early = ids.new_id()
        assert early < ids.new_id()

    def test_a_secret_is_long_enough(self) -> None:
        assert len(ids.new_secret(128)) >= 21


class TestText:
    @given(st.text(max_size=60), st.integers(4, 40))
    def test_clipping_keeps_within_bounds(self, value: str, most: int) -> None:
        assert len(text.clip(value, most)) <= most
        assert text.byte_length(text.clip_bytes(value, most)) <= max(most, 3)

    @pytest.mark.parametrize(
        ("value", "shown"), [("110101199003070038", "110***********0038"), ("1234567", "*******"), ("", "")]
    )
    def test_masking_shows_the_ends_of_long_values_only(self, value: str, shown: str) -> None:
        assert text.mask(value) == shown

    def test_masking_can_hide_the_tail(self) -> None:
        assert text.mask("abcdef", head=2, tail=0) == "ab****"

    def test_plain_text_has_one_form_and_no_control_characters(self) -> None:
        assert text.plain(" e\u0301\x00\u200b\n事假\x1b ") == "é\n事假"


class TestPages:
    def test_a_page_is_cut_where_the_limit_falls(self) -> None:
        cut = pages.cut([1, 2, 3], 2, lambda row: [row])
        assert list(cut.rows) == [1, 2]
        assert pages.decode(cut.next_cursor or "", int) == [2]
        assert pages.cut([1, 2], 2, lambda row: [row]).next_cursor is None

    @pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", pages.encode(["a"]), pages.encode([1, 2]), "W" * 300, "é"])
    def test_a_foreign_cursor_is_refused(self, cursor: str) -> None:
        with pytest.raises(Invalid):
            pages.decode(cursor, int)
