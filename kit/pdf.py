"""PDF documents with Chinese: fonts are embedded, and a character that no font has is an error, never dropped."""

from collections.abc import Sequence

import pylopdf_fonts_zh_cn
from fpdf import FPDF, FontFace
from fpdf.fonts import TTFFont

from kit import clock
from kit.errors import Conflict

BODY, SMALL, HEADING = 10, 8, 16
INK, GREY, PALE, RULE, WHITE = (25,) * 3, (120,) * 3, (228,) * 3, (205,) * 3, (255,) * 3
ROW = 7
STEP_ACROSS, STEP_DOWN, TILT = 75, 48, 30  # millimetres between watermarks, degrees


class MissingGlyph(Conflict):
    """No configured font can draw these characters; a payslip with a name cut short would be worse than none."""

    code = "missing_glyph"

    def __init__(self, characters: str) -> None:
        codes = "、".join(f"{one}（U+{ord(one):04X}）" for one in characters)
        super().__init__(f"现有字体缺少 {codes}，无法生成 PDF；请管理员在配置 [pdf] font_path 中指定包含该字的字体")


class Document(FPDF):
    """An A4 document with a watermark across every page. `font_path` comes first, then the packaged fonts."""

    def __init__(self, title: str, watermark: str, font_path: str = "") -> None:
        super().__init__(format="A4")
        packaged = [pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path()]
        self._watermark = watermark
        self._unread = [str(path) for path in [font_path, *packaged] if path]
        self._read: list[str] = []
        self._read_next_font()
        self.set_font(self._read[0], size=BODY)
        self.set_creation_date(clock.local(clock.now()))
        self.set_title(title)
        self.set_draw_color(*RULE)
        self.set_auto_page_break(True, margin=15)
        self.add_page()

    def _read_next_font(self) -> None:
        name = f"font{len(self._read)}"
        self.add_font(name, fname=self._unread.pop(0))
        self._read.append(name)
        self.set_fallback_fonts(self._read[1:])

    def normalize_text(self, text: str) -> str:
        """Every text passes here before it is drawn: further fonts are read only when it needs them."""
        missing = self._missing(text)
        while missing and self._unread:
            self._read_next_font()
            missing = self._missing(text)
        if missing:
            raise MissingGlyph(missing)
        return super().normalize_text(text)

    def _missing(self, text: str) -> str:
        known = [font.cmap for name in self._read if isinstance(font := self.fonts[name], TTFFont)]
        return "".join(c for c in dict.fromkeys(text) if c != "\n" and not any(ord(c) in cmap for cmap in known))

    def header(self) -> None:
        """The watermark, under everything else."""
        self.set_font(self._read[0], size=BODY)
        self.set_text_color(*PALE)
        for down in range(30, int(self.h), STEP_DOWN):
            for across in range(5, int(self.w), STEP_ACROSS):
                with self.rotation(TILT, across, down):
                    self.set_xy(across, down)
                    self.cell(text=self._watermark)
        self.set_text_color(*INK)
        self.set_xy(self.l_margin, self.t_margin)

    def heading(self, text: str, note: str = "") -> None:
        """A title with a grey line below it."""
        self.set_font(size=HEADING)
        self.multi_cell(0, 9, text, new_x="LMARGIN", new_y="NEXT")
        self._small(note)

    def _small(self, text: str) -> None:
        if text:
            self.set_font(size=SMALL)
            self.set_text_color(*GREY)
            self.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(*INK)
        self.set_font(size=BODY)

    def note(self, text: str) -> None:
        """A small grey paragraph."""
        self.ln(2)
        self._small(text)

    def rows(self, title: str, rows: Sequence[tuple[str, str]], total: tuple[str, str] | None = None) -> None:
        """A table of names and values, with its sum below."""
        self.ln(3)
        every = [*rows, total] if total else list(rows)
        plain = FontFace(emphasis="", fill_color=(245, 245, 245))
        with self.table(
            col_widths=(2, 1), text_align=("LEFT", "RIGHT"), borders_layout="HORIZONTAL_LINES", line_height=ROW,
            headings_style=plain, cell_fill_mode="NONE",
        ) as table:  # fmt: skip
            table.row((title, ""))
            for name, value in every:
                table.row((name, value))

    def bar(self, permilles: Sequence[int]) -> None:
        """A bar of parts, each in thousandths of the width of the page; darkest first."""
        self.ln(2)
        left, width = self.l_margin, self.w - self.l_margin - self.r_margin
        for at, permille in enumerate(permilles):
            shade = min(70 + at * 35, 225)
            self.set_fill_color(shade, shade, shade)
            self.rect(left, self.y, width * permille / 1000, 5, style="F")
            left += width * permille / 1000
        self.set_fill_color(*WHITE)
        self.ln(7)

    def content(self) -> bytes:
        """The finished file."""
        return bytes(self.output())
