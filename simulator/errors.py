"""What the platform answers when it refuses: a number that matters and words that do not."""

WORDS = {
    -1: "system busy",
    6000: "data version conflict",
    40001: "invalid credential",
    40003: "invalid UserID",
    40004: "invalid media type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40032: "invalid UserID list size",
    40033: "request body holds escaped characters, send UTF-8",
    40035: "invalid parameter",
    40056: "invalid agentid",
    40058: "parameter missing or invalid",
    41001: "access_token missing",
    41005: "media data missing",
    41006: "media_id missing",
    42001: "access_token expired",
    42012: "jsapi_ticket of another kind",
    42013: "not logged in",
    42014: "invalid task_id",
    42031: "invalid card_type",
    42033: "title missing",
    42045: "card_action missing or invalid",
    42052: "msgid expired",
    43012: "callback url not configured",
    44001: "empty media data",
    44004: "empty text content",
    45001: "media data too large",
    45002: "content too long",
    45003: "title too long",
    45004: "description too long",
    45005: "url too long",
    45008: "article count out of range",
    45009: "api call exceeds the frequency limit",
    45033: "too many concurrent calls to this interface",
    46003: "menu does not exist",
    46004: "user does not exist",
    47001: "request body is not valid JSON",
    48002: "api forbidden for this application",
    50001: "redirect_uri is not on a trusted domain",
    60003: "department not found",
    60011: "no privilege to access this member, department or tag",
    60020: "not allowed to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    81013: "user, party and tag are all invalid",
    82001: "no receiver",
    82002: "too many departments",
    82003: "too many tags",
    84014: "user_ticket expired",
    84015: "invalid user_ticket",
    91040: "invalid ticket type",
    301023: "user list empty or too long",
    301024: "time span over the limit",
    301025: "invalid approval parameter",
    301026: "approval template unavailable",
    301062: "no permission for vacation",
    301063: "invalid vacation parameter",
    301098: "member outside the scope of the vacation",
    301112: "time span over 31 days",
}


class Refusal(Exception):
    """One errcode, with a word on what exactly was wrong."""

    def __init__(self, code: int, why: str = "") -> None:
        words = WORDS.get(code, "refused")
        super().__init__(f"{words}: {why}" if why else words)
        self.code = code

    def reply(self) -> dict[str, object]:
        """The JSON envelope of the refusal."""
        return {"errcode": self.code, "errmsg": str(self)}
