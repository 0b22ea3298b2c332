"""The catalog refuses what would embarrass us: wrong facts, over-long words, text that pretends to be markup."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import wecom
from templates_msg import Message, catalog, filters, render, wire

ADDRESS = "https://hr.example.com"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates of this test's own."""
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    (tmp_path / "leave").mkdir()
    catalog.load.cache_clear()
    yield tmp_path / "leave"
    catalog.load.cache_clear()


ASK = """
type = "button_interaction"
[params]
name = "str"
days = "days"
[card]
title = "{{ name }}申请{{ days | days }}"
link = "/h5/approvals"
[[card.rows]]
key = "备注"
value = "{% if days > 3 %}较长{% endif %}"
[[card.buttons]]
text = "同意"
key = "approve"
"""


def asked(shelf: Path, **facts: object) -> dict[str, object]:
    (shelf / "ask.toml").write_text(ASK, encoding="utf-8")
    return render(Message("leave/ask", {"name": "李雷", "days": 1, **facts}), {"approve": "01ACTION"})


def test_a_card_is_filled_and_its_verbs_name_what_they_act_on(shelf: Path) -> None:
    card = asked(shelf)["template_card"]
    assert card["main_title"] == {"title": "李雷申请1天"}
    assert card["button_list"] == [{"text": "同意", "style": 1, "key": "approve:01ACTION"}]


def test_a_row_that_has_nothing_to_say_is_left_out(shelf: Path) -> None:
    assert "horizontal_content_list" not in asked(shelf)["template_card"]
    assert asked(shelf, days=4)["template_card"]["horizontal_content_list"] == [{"keyname": "备注", "value": "较长"}]


def test_the_same_words_twice_are_two_cards(shelf: Path) -> None:
    assert asked(shelf)["template_card"]["task_id"] != asked(shelf)["template_card"]["task_id"]


def test_links_are_paths_until_the_message_leaves(shelf: Path) -> None:
    stored = asked(shelf)
    assert stored["template_card"]["card_action"]["url"] == "/h5/approvals"
    sent = wire.parse(stored, ADDRESS).payload()
    assert sent["card_action"]["url"] == "https://hr.example.com/h5/approvals"
    assert stored["template_card"]["card_action"]["url"] == "/h5/approvals"


def test_what_a_person_wrote_is_never_read_as_a_template(shelf: Path) -> None:
    name = '{{ days }}"}]<a>{% raw %}'
    assert asked(shelf, name=name)["template_card"]["main_title"]["title"] == f"{name}申请1天"


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"days": 0.5}, "days should be days, not float"),
        ({"name": None}, "name should be str"),
        ({"salary": "1"}, "takes no fact salary"),
    ],
)
def test_a_fact_that_does_not_fit_is_refused_by_name(shelf: Path, facts: dict[str, object], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        asked(shelf, **facts)


def test_a_missing_fact_is_refused_by_name(shelf: Path) -> None:
    (shelf / "ask.toml").write_text(ASK, encoding="utf-8")
    with pytest.raises(TypeError, match="no fact for name"):
        render(Message("leave/ask", {"days": 1}))


def test_a_title_too_long_for_wecom_is_refused_by_name(shelf: Path) -> None:
    with pytest.raises(wecom.InvalidMessage, match=r"main_title\.title"):
        asked(shelf, name="李" * 40)


def test_a_verb_without_a_thing_to_act_on_is_refused(shelf: Path) -> None:
    (shelf / "ask.toml").write_text(ASK, encoding="utf-8")
    with pytest.raises(KeyError, match="approve"):
        render(Message("leave/ask", {"name": "李雷", "days": 1}), {})


def test_a_part_can_be_repeated_for_pairs(shelf: Path) -> None:
    (shelf / "list.toml").write_text(
        'type = "text_notice"\n[params]\nbalances = "pairs"\n[card]\ntitle = "余额"\nlink = "/h5/leave"\n'
        '[[card.rows]]\neach = "balances"\nkey = "{{ pair.key }}"\nvalue = "{{ pair.value }}"\n',
        encoding="utf-8",
    )
    card = render(Message("leave/list", {"balances": [("年假", "5天"), ("调休", "2小时")]}))["template_card"]
    assert [row["value"] for row in card["horizontal_content_list"]] == ["5天", "2小时"]


def test_text_of_people_cannot_become_a_link_in_a_text_message(shelf: Path) -> None:
    (shelf / "said.toml").write_text(
        'type = "text"\n[params]\nname = "str"\n[message]\ncontent = "{{ name }}，您好 <a href=\\"/h5\\">打开</a>"\n',
        encoding="utf-8",
    )
    said = render(Message("leave/said", {"name": '<a href="x">'}))
    assert said["text"]["content"].startswith("＜a href")
    assert said["text"]["content"].endswith("</a>")


@pytest.mark.parametrize("bad", ['type = "text"', 'type = "text_notice"\n[params]\npay = "money"\n[card]\ntitle = "x"'])
def test_a_file_that_makes_no_sense_is_refused(shelf: Path, bad: str) -> None:
    (shelf / "bad.toml").write_text(bad, encoding="utf-8")
    with pytest.raises(ValueError):
        render(Message("leave/bad", {}))


def test_an_unknown_template_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="no message template leave/nothing"):
        render(Message("leave/nothing"))


def test_dates_and_lengths_are_written_as_people_say_them() -> None:
    assert filters.day(date(2026, 3, 4)) == "3月4日（周三）"
    assert filters.month(date(2026, 3, 1)) == "2026年3月"
    assert filters.moment(datetime(2026, 3, 2, 1, 30, tzinfo=UTC)) == "3月2日 09:30"
    assert filters.hour(datetime(2026, 3, 2, 16, 5, tzinfo=UTC)) == "00:05"
    assert [filters.days(Decimal(text)) for text in ("1.0", "0.5", "10", "1.25")] == ["1天", "0.5天", "10天", "1.25天"]
    assert [filters.duration(m) for m in (0, 30, 60, 450)] == ["0分", "30分", "1小时", "7小时30分"]
