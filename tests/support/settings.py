"""Settings of the product under test; every secret in them is invented."""

import base64
import os
from typing import Any

CORP = "ww0123456789abcdef"
AGENT_SECRET = "secret-of-the-hr-application"
CONTACTS_SECRET = "secret-of-the-contacts-application"
TOKEN = "HrSelfServiceToken01"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
CONTACTS_TOKEN = "HrDirectoryToken01"
CONTACTS_AES_KEY = "HxwdHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA"
PUBLIC_URL = "https://hr.example.com"


def values(database_url: str) -> dict[str, Any]:
    """What config.toml would say."""
    return {
        "server": {"public_url": PUBLIC_URL},
        "database": {"url": database_url},
        "wecom": {
            "corp_id": CORP,
            "api_base": "http://wecom.test",
            "authorize_url": "http://wecom.test/connect/oauth2/authorize",
            "login_url": "http://wecom.test/wwlogin/sso/login",
            "agents": [
                {"name": "hr", "agent_id": 1000002, "secret": AGENT_SECRET, "token": TOKEN, "encoding_aes_key": AES_KEY}
            ],
            "contacts": {
                "secret": CONTACTS_SECRET,
                "token": CONTACTS_TOKEN,
                "encoding_aes_key": CONTACTS_AES_KEY,
            },
            "miniprogram": {"app_id": "wx0123456789abcdef"},
        },
        "security": {
            "field_keys": {"k1": base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()},
            "current_field_key": "k1",
        },
        "audit": {"anchor_file": os.devnull, "receipt_file": os.devnull},
    }
