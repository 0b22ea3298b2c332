"""Face verdicts: what WeCom or a machine concluded, never a face.

An adapter reads a verdict out of what its source tells. Nothing biometric passes here: no picture, no template, only
"same person", a score and whether it was a living face; of these only a failed verdict is kept, as a case to look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

SCORE, LIVE = "人脸得分", "活体"
YES, NO = frozenset({"是", "通过", "1", "true", "yes"}), frozenset({"否", "未通过", "0", "false", "no"})


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """`score` from 0 to 100; `is_live` is unknown where a source does not tell."""

    score: int
    is_live: bool | None = None

    def passes(self, least: int) -> bool:
        """Is it good enough? A face known not to be alive never is."""
        return self.score >= least and self.is_live is not False


class FaceAdapter(Protocol):
    """Reads the verdict of one source."""

    def verdict(self, told: Mapping[str, str]) -> FaceVerdict | None:
        """The verdict in what the source tells; nothing when it tells none. `ValueError` for what is no verdict."""


class MachineFaces:
    """Attendance machines that write a score (and whether the face was alive) beside each punch."""

    def verdict(self, told: Mapping[str, str]) -> FaceVerdict | None:
        """Reads the columns 人脸得分 and 活体."""
        if not told.get(SCORE):
            return None
        score = float(told[SCORE])
        if not 0 <= score <= 100:
            raise ValueError("人脸得分应在 0 到 100 之间")
        return FaceVerdict(round(score), _answer(told.get(LIVE, "")))


def _answer(text: str) -> bool | None:
    word = text.strip().lower()
    if word in YES | NO:
        return word in YES
    if word:
        raise ValueError("活体应为“是”或“否”")
    return None
