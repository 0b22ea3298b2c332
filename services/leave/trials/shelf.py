"""Drafts on their shelf: kept as HR filled them in, tried by a run, released once, thrown away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, delete, select, update

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from kit.schema import View, Wish
from models.base import db
from models.leave import LeaveKindDraft, LeaveKindTrial, LeavePolicyDraft, LeavePolicyTrial, LeaveRun
from services import platform
from services.leave.granting import runs
from services.people import AnyActor, Permission

Draft = TypeVar("Draft", LeavePolicyDraft, LeaveKindDraft)
SHOWN = 50
FRESH = {"populate_existing": True}  # chunks are noted past the session's memory
ABSENT = "没有这份草案，它可能已被删除"


class TrialYear(Wish):
    """The past year whose facts a draft is tried on."""

    year: int = Field(ge=2008, le=2098)


class Progress(View):
    """How many of how many people a trial has come through; `base` is the version it compares with, 0 for none."""

    total: int
    done: int
    base: int
    ended_at: datetime | None


class Kept(View):
    """A draft as every list shows it; `version` is the one that it would become."""

    id: str
    kind_code: str
    kind_name: str
    version: int
    created_at: datetime
    year: int | None
    run: Progress | None
    released_version: int | None

    @property
    def is_tried(self) -> bool:
        """Has a trial of it ended?"""
        return self.run is not None and self.run.ended_at is not None


def progress(run: LeaveRun | None) -> Progress | None:
    """How far a run has come."""
    if run is None:
        return None
    return Progress(total=run.total, done=run.done, base=int(run.wish["base"]), ended_at=run.ended_at)


def check_past(year: int) -> None:
    """The year is over, so that its facts stand."""
    if year >= clock.today().year:
        raise Invalid(f"请选择已经过完的年份，最近是 {clock.today().year - 1} 年")


@dataclass(frozen=True)
class Shelf(Generic[Draft]):
    """Drafts of one sort: their table, the table of what trials found, and how acts on them are called."""

    drafts: type[Draft]
    found: type[LeavePolicyTrial] | type[LeaveKindTrial]
    acts: str

    def keep(self, actor: AnyActor, code: str, form: dict[str, Any]) -> str:
        """Keeps a form as a draft; its id."""
        draft_id = new_id()
        db.session.add(self.drafts(id=draft_id, kind_code=code, form=form, saved_by=actor.label))
        platform.audit.record(actor, f"{self.acts}.save", draft_id, after={"kind": code, "form": form})
        return draft_id

    def get(self, draft_id: str) -> Draft:
        """The draft as it stands; `NotFound` when there is none."""
        found = select(self.drafts).where(self.drafts.id == draft_id)
        row = db.session.scalars(found, execution_options=FRESH).first()
        if row is None:
            raise NotFound(ABSENT)
        return row

    def newest(self, *only: ColumnElement[bool]) -> Sequence[Draft]:
        """The last drafts, newest first."""
        order = (self.drafts.created_at.desc(), self.drafts.id.desc())
        wanted = select(self.drafts).where(*only).order_by(*order).limit(SHOWN)
        return db.session.scalars(wanted, execution_options=FRESH).all()

    def tried(self) -> Sequence[Draft]:
        """The last drafts whose trial has ended, for those who put a price on them."""
        ended = select(LeaveRun.id).where(LeaveRun.ended_at.is_not(None))
        return self.newest(self.drafts.run_id.in_(ended))

    def runs_of(self, rows: Sequence[Draft]) -> Mapping[str, LeaveRun]:
        """The runs that tried these drafts, by id."""
        wanted = select(LeaveRun).where(LeaveRun.id.in_([row.run_id for row in rows if row.run_id]))
        return {run.id: run for run in db.session.scalars(wanted, execution_options=FRESH)}

    def begin(self, actor: AnyActor, row: Draft, title: str, wish: dict[str, Any], total: int) -> str:
        """Opens the run that tries a draft (`wish` holds its year and base); what an earlier one found is forgotten."""
        self.forget(row.run_id)
        kept = {"draft": row.id, **wish}
        run_id = runs.begin(f"{runs.TRIAL}{new_id()}", title, kept, total, actor.label)
        tried = update(self.drafts).where(self.drafts.id == row.id)
        platform.changed(tried.values(run_id=run_id, year=wish["year"]))
        platform.audit.record(actor, f"{self.acts}.try", row.id, after=kept)
        return run_id

    def check_tried(self, row: Draft) -> LeaveRun:
        """The run that tried it to the end; `Conflict` without one."""
        run = runs.get(row.run_id) if row.run_id else None
        if run is None or run.ended_at is None:
            raise Conflict("请先试算完，再发布")
        return run

    def check_unreleased(self, row: Draft) -> None:
        """It is not a version yet."""
        if row.released_version is not None:
            raise Conflict(f"这份草案已发布为第 {row.released_version} 版")

    def release(self, draft_id: str, version: int) -> None:
        """Notes that it has become this version; `Conflict` when somebody else was faster."""
        if not platform.changed(update(self.drafts).where(*self._open(draft_id)).values(released_version=version)):
            raise Conflict("这份草案刚被他人发布，请刷新")

    def discard(self, actor: AnyActor, draft_id: str) -> None:
        """Throws a draft away with what its trial found; one that was released stays."""
        actor.require(Permission.LEAVE_KIND_EDIT)
        row = self.get(draft_id)
        kept = {"kind": row.kind_code, "form": row.form}
        if not platform.changed(delete(self.drafts).where(*self._open(draft_id))):
            raise Conflict("这份草案已经发布，不能删除")
        self.forget(row.run_id)
        platform.audit.record(actor, f"{self.acts}.discard", draft_id, before=kept)

    def _open(self, draft_id: str) -> tuple[ColumnElement[bool], ...]:
        return self.drafts.id == draft_id, self.drafts.released_version.is_(None)

    def forget(self, run_id: str | None) -> None:
        """Ends a trial that nobody wants to read any more, first of all, so that no chunk adds to it."""
        if run_id is None:
            return
        going = update(LeaveRun).where(LeaveRun.id == run_id, LeaveRun.ended_at.is_(None))
        platform.changed(going.values(ended_at=clock.now()))
        platform.changed(delete(self.found).where(self.found.run_id == run_id))
