"""Text that other systems have stumbled over, and the marks by which live ones would be noticed."""

LIVE_SCRIPT = "\"'><script>alert(190713)</script>"
LIVE_TEMPLATE = "{{190713*7}}"
LIVE_FORMULA = "=cmd|'/C calc'!A190713"
COMPUTED = str(190713 * 7)

SQL = (
    "' OR '1'='1", "1; DROP TABLE person; --", "\\' OR 1=1 -- ", "x' UNION SELECT id, name FROM person --",
    "%' AND SLEEP(3) AND '%'='", "%", "_", "\\", "1) OR (1=1", "`id`", "name; SELECT pg_sleep(3)",
)  # fmt: skip
SORTS = ("-", "--name", "name desc", "name,salary", "(select 1)", "person.id", "__class__", "1")
TEMPLATES = (
    LIVE_TEMPLATE,
    "${190713*7}",
    "#{190713*7}",
    "<%= 190713*7 %>",
    "{% debug %}",
    "{0.__class__}",
    "{name}",
    "%(x)s",
    "%s%n",
)
SCRIPTS = (
    LIVE_SCRIPT,
    "<img src=x onerror=alert(190713)>",
    "javascript:alert(190713)",
    "<svg/onload=alert(190713)>",
    "]]><x/>",
    "&#60;",
)
CELLS = (LIVE_FORMULA, "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("http://evil.test")', "\t=1+1")
PATHS = ("../../etc/passwd", "..\\..\\win.ini", "/etc/passwd\0.png", "C:\\", "file:///etc/passwd")
ADDRESSES = ("//evil.test", "https://evil.test/", "/\\evil.test", "/h5/..//evil.test", "http://127.0.0.1:3306/")
HEADERS = ("a\r\nSet-Cookie: hr=1", "a\nb", "a\rb", "\x1b[31mred", "a\u2028b")
ODD = (
    "", " ", "\0", "a\0b", "\x7f\x80\x9f", "\u202eabc",
    "a\u200bb\ufeff", "𠮷野家", "👨‍👩‍👧", "e\u0301" * 40, "\ud7ff\ue000\uffff",
    "ﷺ" * 30, "\ufb2c" * 15, "\ufb2c" * 30, "İı", "A" * 101, "字" * 501,
    "x" * 10_000, "'\"`<>&\\", "null", "undefined", "[]", "{}",
)  # fmt: skip
NUMBERS = ("0", "-1", "1e309", "9" * 40, "NaN", "Infinity", "0x10", "１２", "1_000", "1.0000000000000000001", "-0")
DATES = ("0000-00-00", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-10T00:00:00Z", "10/03/2026", "99999-01-01")

EVERY = tuple(
    dict.fromkeys(SQL + SORTS + TEMPLATES + SCRIPTS + CELLS + PATHS + ADDRESSES + HEADERS + ODD + NUMBERS + DATES)
)
LIVE = (LIVE_SCRIPT, LIVE_TEMPLATE, LIVE_FORMULA, "𠮷野家")
