"""What deliveries say, in every spelling WeCom has been seen to use."""

from typing import Any

import pytest

from tests.support import published
from tests.support.envelopes import CORP, NOW, PAIR, content, sealed
from wecom import Inbound, Mailbox
from wecom import events as e

BOX = Mailbox(CORP, [PAIR])


def inbound(inner: str, **changes: Any) -> Inbound:
    return BOX.open(*sealed(content(inner, **changes)), NOW)


def event(name: str, inner: str, **changes: Any) -> Inbound:
    return inbound(f"<MsgType>event</MsgType><Event>{name}</Event>{inner}", **changes)


def card(items: str, name: str = "template_card_event") -> e.CardTap:
    head = "<EventKey>agree</EventKey><TaskId> t1 </TaskId><CardType>vote_interaction</CardType>"
    return e.CardTap.parse(event(name, f"{head}<ResponseCode>R</ResponseCode>{items}"))


def item(question: str, options: str) -> str:
    return f"<SelectedItem><QuestionKey>{question}</QuestionKey>{options}</SelectedItem>"


def test_a_tap_without_a_question() -> None:
    assert card("") == e.CardTap("t1", "agree", "vote_interaction", "R", {}, is_menu=False)
    assert card("", "template_card_menu_event").is_menu


@pytest.mark.parametrize(
    "options",
    [
        "<OptionIds><OptionId>a</OptionId><OptionId>b</OptionId></OptionIds>",
        "<OpitonIds><OpitonId>a</OpitonId><OpitonId>b</OpitonId></OpitonIds>",
        "<OptionIds><OpitonId>a</OpitonId><OpitonId>b</OpitonId></OptionIds>",
        "<optionids><OPTIONID>a</OPTIONID><OPTIONID>b</OPTIONID></optionids>",
        "<OptionIds><OptionId>a</OptionId></OptionIds><OptionIds><OptionId>b</OptionId></OptionIds>",
    ],
)
def test_both_spellings_of_options_single_and_repeated(options: str) -> None:
    second = item("q2", "<OptionIds><OptionId>c</OptionId></OptionIds>")
    both = f"<SelectedItems>{item('q1', options)}{second}</SelectedItems>"
    assert card(both).selected == {"q1": ("a", "b"), "q2": ("c",)}
    assert card(f"<SelectedItems>{item('q1', options)}</SelectedItems>").selected == {"q1": ("a", "b")}
    assert card(f"<SelectedItems>{item('q1', '')}</SelectedItems>").selected == {"q1": ()}


def test_a_card_with_three_questions() -> None:
    items = "".join(item(f"q{n}", f"<OptionIds><OptionId>{n}</OptionId></OptionIds>") for n in range(3))
    assert card(f"<SelectedItems>{items}</SelectedItems>").selected == {"q0": ("0",), "q1": ("1",), "q2": ("2",)}


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        ("create_user", "<UserID>zhangsan</UserID><Name>张三</Name>", ("zhangsan", "", None, None)),
        ("update_user", "<UserID>zhangsan</UserID><NewUserID>zs</NewUserID>", ("zhangsan", "zs", None, None)),
        ("delete_user", "<UserId>zhangsan</UserId>", ("zhangsan", "", None, None)),
        ("create_party", "<Id>2</Id><Name>门店</Name><ParentId>1</ParentId>", ("", "", 2, None)),
        ("update_party", "<Id>2</Id>", ("", "", 2, None)),
        ("delete_party", "<Id>2</Id>", ("", "", 2, None)),
        ("update_tag", "<TagId>7</TagId><AddUserItems>a,b</AddUserItems>", ("", "", None, 7)),
        ("merge_party", "<Id>many</Id>", ("", "", None, None)),
    ],
)
def test_the_directory_changes(kind: str, inner: str, expected: tuple[Any, ...]) -> None:
    change = e.ContactChange.parse(
        event("change_contact", f"<ChangeType>{kind}</ChangeType>{inner}", sender="sys", agent="")
    )
    assert change.change == (kind if kind != "merge_party" else "other")
    assert (change.userid, change.new_userid, change.department_id, change.tag_id) == expected
    assert change.told["ChangeType"] == kind


def test_an_absent_field_differs_from_an_empty_one() -> None:
    change = e.ContactChange.parse(event("change_contact", "<ChangeType>update_user</ChangeType><Mobile></Mobile>"))
    assert change.told["Mobile"] == ""
    assert "Email" not in change.told


def test_words_and_media() -> None:
    assert (
        e.Text.parse(inbound("<MsgType>text</MsgType><Content><![CDATA[ 下周三请假 <b> ]]></Content>")).content
        == "下周三请假 <b>"
    )
    assert e.Text.parse(inbound("<MsgType>text</MsgType>")).content == ""
    for inner in ("<MediaId>m1</MediaId>", "<Image><MediaId>m1</MediaId></Image>"):
        assert e.MediaMessage.parse(inbound(f"<MsgType>image</MsgType>{inner}")).media_id == "m1"


def test_places_from_the_event_the_message_and_the_menu() -> None:
    reported = "<Latitude>23.104</Latitude><Longitude>113.320</Longitude><Precision>65.0</Precision>"
    assert e.Location.parse(event("LOCATION", reported)) == e.Location(23.104, 113.32, 65.0, "")
    sent = "<Location_X>23.134</Location_X><Location_Y>113.358</Location_Y><Label> 客村 </Label>"
    assert e.Location.parse(inbound(f"<MsgType>location</MsgType>{sent}")) == e.Location(23.134, 113.358, None, "客村")
    chosen = event("location_select", f"<SendLocationInfo>{sent}</SendLocationInfo>")
    assert e.Location.parse(chosen).label == "客村"


@pytest.mark.parametrize("text", ["", "north", "nan", "inf", "-inf", "1e999"])
def test_a_place_that_is_no_number_is_no_place(text: str) -> None:
    assert e.Location.parse(event("LOCATION", f"<Latitude>{text}</Latitude>")).latitude is None


def test_menu_and_scan() -> None:
    assert e.MenuTap.parse(event("click", "<EventKey>balance</EventKey>")).key == "balance"
    info = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>2</ScanResult></ScanCodeInfo>"
    assert e.Scan.parse(event("scancode_waitmsg", f"<EventKey>6</EventKey>{info}")) == e.Scan("6", "qrcode", "2")


def test_the_built_in_approval() -> None:
    info = (
        "<SpNo>202401010001</SpNo><TemplateId>T</TemplateId><SpStatus>2</SpStatus><StatuChangeEvent>2</StatuChangeEvent>"
        "<Applyer><UserId>lihua</UserId><Party>1</Party></Applyer>"
    )
    parsed = e.ApprovalChange.parse(event("sys_approval_change", f"<ApprovalInfo>{info}</ApprovalInfo>"))
    assert parsed == e.ApprovalChange("202401010001", "T", 2, 2, "lihua")
    long = "<ApprovalInfo><SpNo>0</SpNo><SpNoStr>99999999999999999999</SpNoStr></ApprovalInfo>"
    assert e.ApprovalChange.parse(event("sys_approval_change", long)).sp_no == "99999999999999999999"


def test_a_job_is_done() -> None:
    job = "<JobId>J</JobId><JobType>sync_user</JobType><ErrCode>-1</ErrCode>"
    parsed = e.JobResult.parse(event("batch_job_result", f"<BatchJob>{job}</BatchJob>"))
    assert parsed == e.JobResult("J", "sync_user", -1)


PARSERS = {
    "template_card_event": e.CardTap, "template_card_menu_event": e.CardTap, "change_contact": e.ContactChange,
    "text": e.Text, "image": e.MediaMessage, "voice": e.MediaMessage, "video": e.MediaMessage, "LOCATION": e.Location,
    "location": e.Location, "location_select": e.Location, "click": e.MenuTap, "view_miniprogram": e.MenuTap,
    "scancode_waitmsg": e.Scan, "batch_job_result": e.JobResult,
}  # fmt: skip


@pytest.mark.parametrize(
    "document", [*published.documents("callback-docs-90240"), *published.documents("callback-go-wecom")]
)
def test_every_published_body_fills_its_view(document: bytes) -> None:
    published.needed()
    if b"<SuiteId>" in document:
        return  # the provider's form: refused before it has a view
    at = int(document.partition(b"<CreateTime>")[2].partition(b"<")[0])
    args, body = sealed(document, timestamp=f"{at:010d}", envelope="<xml><Encrypt>{encrypt}</Encrypt></xml>")
    delivery = BOX.open(args, body, NOW.fromtimestamp(at, NOW.tzinfo))
    if delivery.kind in PARSERS:
        view = PARSERS[delivery.kind].parse(delivery)
        assert any(getattr(view, name) for name in view.__slots__)


@pytest.mark.parametrize(
    "parser", sorted(set(PARSERS.values()) | {e.ApprovalChange}, key=lambda parser: parser.__name__)
)
@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<SelectedItems>x</SelectedItems><ApprovalInfo>x</ApprovalInfo><BatchJob/>",
        "<EventKey><a>1</a></EventKey><SelectedItems><SelectedItem>x</SelectedItem></SelectedItems><Text><a/></Text>",
        "<EventKey>1</EventKey><EventKey>2</EventKey><Id>1</Id><Id>2</Id><ApprovalInfo/><ApprovalInfo/>",
        "<UserID><a>1</a></UserID><ScanCodeInfo>1</ScanCodeInfo><Latitude><a>1</a></Latitude>",
    ],
)
def test_no_view_raises_for_content_of_another_shape(parser: Any, inner: str) -> None:
    assert parser.parse(event("click", inner))
