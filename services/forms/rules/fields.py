"""Rules of one field of a form: its type, and what may be said of a field of that type."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from kit import expression
from kit.schema import Line, Wish
from models.enums import FieldType, Viewer

MOST_COLUMNS, MOST_ROWS, MOST_FILES = 12, 50, 9
TODAY = "today"
APPLICANT, FORM = "applicant", "form"
"""What a title may name besides the fields."""

EVERYBODY = frozenset(Viewer)
NUMBERS = frozenset({FieldType.NUMBER, FieldType.MONEY})
CHOSEN = frozenset({FieldType.CHOICE, FieldType.CHOICES})
SPANS = frozenset({FieldType.DATES, FieldType.HALF_DAYS})
IN_TABLES = NUMBERS | {FieldType.TEXT, FieldType.DATE, FieldType.CHOICE}
COMPUTABLE = NUMBERS | {FieldType.TEXT}
WITH_DEFAULT = NUMBERS | {FieldType.TEXT, FieldType.PARAGRAPH, FieldType.DATE, FieldType.CHOICE}
TYPE_TITLES = {
    FieldType.TEXT: "单行文字", FieldType.PARAGRAPH: "多行文字", FieldType.NUMBER: "数字", FieldType.MONEY: "金额",
    FieldType.DATE: "日期", FieldType.DATES: "日期段", FieldType.HALF_DAYS: "半天段", FieldType.CHOICE: "单选",
    FieldType.CHOICES: "多选", FieldType.PERSON: "人员", FieldType.DEPARTMENT: "部门", FieldType.FILES: "附件",
    FieldType.TABLE: "明细表",
}  # fmt: skip


def _name(text: str) -> str:
    if text in (TODAY, APPLICANT, FORM):
        raise ValueError(f"{text} 有固定含义，请换一个名字")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$"), AfterValidator(_name)]
Title = Annotated[Line, Field(min_length=1, max_length=20)]
Formula = Annotated[str, Field(max_length=expression.LONGEST)]
Bound = Annotated[Decimal, Field(gt=-expression.LARGEST, lt=expression.LARGEST)]


class Column(Wish):
    """A field of plain values: what it is called, what it takes, and how it is computed when nobody types it."""

    name: Name
    title: Title
    type: FieldType
    is_required: bool = False
    options: tuple[Title, ...] = Field((), max_length=50)
    unit: Annotated[Line, Field(max_length=10)] = ""
    places: int = Field(2, ge=0, le=4)
    least: Bound | None = None
    most: Bound | None = None
    formula: Formula = ""

    @model_validator(mode="after")
    def _shape(self) -> "Column":
        if (self.type in CHOSEN) != bool(self.options) or len(set(self.options)) < len(self.options):
            raise ValueError(f"“{self.title}”：单选和多选要写选项，选项不能重复，其他类型不写选项")
        if self.formula and self.type not in COMPUTABLE:
            raise ValueError(f"“{self.title}”：只有数字、金额和单行文字可以用公式计算")
        if (self.least is not None or self.most is not None) and self.type not in NUMBERS:
            raise ValueError(f"“{self.title}”：只有数字和金额可以限定大小")
        if self.least is not None and self.most is not None and self.most < self.least:
            raise ValueError(f"“{self.title}”：最大值不能小于最小值")
        return self


class Input(Column):
    """A field of a form. `check` must hold for what was filled in; `otherwise` is what the applicant is told.

    Of a table that `is_divisible` an approver may agree to some rows and not to others.
    """

    help: Line = ""
    default: Line = ""
    shown_when: Formula = ""
    check: Formula = ""
    otherwise: Line = ""
    visible_to: frozenset[Viewer] = EVERYBODY
    is_on_card: bool = False
    columns: tuple[Column, ...] = Field((), max_length=MOST_COLUMNS)
    is_divisible: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "Input":
        if (self.type is FieldType.TABLE) != bool(self.columns):
            raise ValueError(f"“{self.title}”：明细表要写列，其他类型不写列")
        if wrong := [one.title for one in self.columns if one.type not in IN_TABLES]:
            raise ValueError(f"“{self.title}”的列“{wrong[0]}”：明细表里只能用文字、数字、金额、日期和单选")
        if self.is_divisible and (self.type is not FieldType.TABLE or self.visible_to != EVERYBODY):
            raise ValueError(f"“{self.title}”：只有所有人都能看到的明细表可以部分同意")
        if bool(self.check) != bool(self.otherwise):
            raise ValueError(f"“{self.title}”：校验条件和不满足时的提示要一起写")
        if self.default and (self.type not in WITH_DEFAULT or self.formula):
            raise ValueError(f"“{self.title}”：这种字段不能有默认值")
        if Viewer.APPLICANT not in self.visible_to and not self.formula:
            raise ValueError(f"“{self.title}”：申请人看不到的字段只能用公式计算")
        return self
