"""The workbooks that the demo company's HR would have: dates of service, and a month of pay. Everything is invented."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from kit import workbook
from kit.money import Money, total

# account: name, employee number, hired, first worked, monthly base pay in yuan
PEOPLE: dict[str, tuple[str, str, str, str, int]] = {
    "zhaojia": ("赵甲", "D0001", "2012-03-01", "1999-07-01", 52000),
    "qianyi": ("钱乙", "D0002", "2014-05-12", "2006-07-01", 26000),
    "sunbing": ("孙丙", "D0003", "2019-09-02", "2016-07-01", 9800),
    "liding": ("李丁", "D0004", "2013-07-15", "2004-07-01", 34000),
    "zhouwu": ("周戊", "D0005", "2018-04-09", "2013-07-01", 13500),
    "wuji": ("吴己", "D0006", "2020-10-12", "2017-07-01", 11800),
    "zhenggeng": ("郑庚", "D0007", "2022-03-21", "2019-07-01", 11000),
    "wangxin": ("王辛", "D0008", "2021-06-28", "2015-07-01", 12600),
    "fengren": ("冯壬", "D0009", "2013-01-07", "2003-07-01", 46000),
    "chengui": ("陈癸", "D0010", "2017-08-14", "2014-07-01", 28500),
    "chuzi": ("褚子", "D0011", "2021-02-22", "2018-07-01", 24000),
    "weichou": ("卫丑", "D0012", "2022-07-11", "2022-07-11", 18500),
    "jiangyin": ("蒋寅", "D0013", "2019-11-18", "2012-07-01", 23500),
    "shenmao": ("沈卯", "D0014", "2020-03-16", "2017-07-01", 17200),
    "hanchen": ("韩辰", "D0015", "2018-12-03", "2010-07-01", 21800),
    "yangsi": ("杨巳", "D0016", "2016-06-06", "2011-07-01", 27000),
    "zhuwu": ("朱午", "D0017", "2023-04-17", "2020-07-01", 15800),
    "qinwei": ("秦未", "D0018", "2014-02-24", "2005-07-01", 38000),
    "youshen": ("尤申", "D0019", "2019-05-13", "2013-07-01", 14500),
    "xuyou": ("许酉", "D0020", "2020-08-24", "2018-07-01", 13200),
    "hexu": ("何戌", "D0021", "2023-09-04", "2021-07-01", 11500),
    "lvhai": ("吕亥", "D0022", "2024-03-11", "2022-07-01", 9200),
    "shiqian": ("施乾", "D0023", "2015-10-19", "2008-07-01", 16800),
    "zhangkun": ("张坤", "D0024", "2018-01-15", "2012-07-01", 11200),
    "kongzhen": ("孔震", "D0025", "2021-11-08", "2019-07-01", 7800),
    "caoxun": ("曹巽", "D0026", "2022-05-23", "2020-07-01", 7600),
    "yankan": ("严坎", "D0027", "2023-02-13", "2021-07-01", 7400),
    "huali": ("华离", "D0028", "2023-08-21", "2023-08-21", 7000),
    "jingen": ("金艮", "D0029", "2024-06-17", "2022-07-01", 6900),
    "weidui": ("魏兑", "D0030", "2025-03-03", "2023-07-01", 6800),
}
STORE_STAFF = frozenset({"shiqian", "zhangkun", "kongzhen", "caoxun", "yankan", "huali", "jingen", "weidui"})
PERSONAL = {"养老保险": "0.08", "医疗保险": "0.02", "失业保险": "0.005", "住房公积金": "0.12"}
COMPANY = {"养老保险": "0.16", "住房公积金": "0.12"}


def everybody() -> list[str]:
    """All accounts of the company."""
    return list(PEOPLE)


def service(path: Path) -> bytes:
    """Dates of service, as HR imports them; also written to disk for whoever wants to look."""
    header = ["账号", "姓名", "工号", "入职日期", "首次工作日期"]
    rows = [[userid, name, number, hired, first] for userid, (name, number, hired, first, _) in PEOPLE.items()]
    return _kept(path, workbook.write("员工信息", header, rows))


def payslips(path: Path, month: date) -> bytes:
    """A month of pay that reconciles to the fen; also written to disk."""
    header = ["工号", "企业微信账号", "姓名", "应发：基本工资", "应发：岗位津贴", "应发：加班费"]
    header += (
        [f"扣款：{name}" for name in (*PERSONAL, "个人所得税")]
        + [f"公司承担：{name}" for name in COMPANY]
        + ["实发合计"]
    )
    return _kept(path, workbook.write(f"{month:%Y年%m月}", header, [_slip(userid, month) for userid in PEOPLE]))


def _slip(userid: str, month: date) -> list[str]:
    name, number, _, _, yuan = PEOPLE[userid]
    base = Money.yuan(yuan)
    allowance = base.times(Decimal("0.08"))
    overtime = Money.yuan((int(number[1:]) * 37 + month.month * 113) % 900)
    insured = [base.times(Decimal(rate)) for rate in PERSONAL.values()]
    earned = total([base, allowance, overtime])
    tax = _tax(earned - total(insured))
    net = earned - total(insured) - tax
    company = [base.times(Decimal(rate)) for rate in COMPANY.values()]
    return [number, userid, name, *map(str, [base, allowance, overtime, *insured, tax, *company, net])]


def _tax(income: Money) -> Money:
    """Roughly what withholding would be; the demo's workbook stands for a company that computes elsewhere."""
    taxed = income - Money.yuan(5000)
    return taxed.times(Decimal("0.1")) if taxed.fen > 0 else Money(0)


def _kept(path: Path, content: bytes) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content
