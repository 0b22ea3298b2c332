"""What people take in and give out."""

from datetime import date

from kit.schema import View
from models.enums import Gender, PersonStatus


class PersonView(View):
    """A person as other domains know them; what nobody told us is `None`."""

    id: str
    userid: str
    name: str
    department_id: str | None
    department_name: str
    superior_id: str | None
    is_manager: bool
    position: str
    employee_number: str | None
    gender: Gender | None
    hired_on: date | None
    first_worked_on: date | None
    left_on: date | None
    status: PersonStatus

    @property
    def is_active(self) -> bool:
        return self.status == PersonStatus.ACTIVE
