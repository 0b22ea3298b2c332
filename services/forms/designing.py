"""What HR does with forms: design, try, publish a version, add one."""

from typing import Any

from pydantic import ValidationError

from kit.errors import Conflict, Invalid
from models.forms import FormVersion
from services import approvals, people, platform
from services.forms import catalog, effects, filling, queries, subjects
from services.forms.catalog import Form, plain, row_of
from services.forms.rules.definition import Definition
from services.forms.rules.shape import shape
from services.forms.schemas import AddForm, FillOut, FormDetail, FormLine, FormVersionOut, Given, Publish, TryForm
from services.people import Actor, AnyActor, Permission

KNOWN = {
    "missing": "必填",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "enum": "不在可选范围内",
    "string_pattern_mismatch": "名字只能用小写字母和下划线，以字母开头",
    "too_short": "至少要有一项",
    "string_too_short": "不能为空",
    "too_long": "太多了",
    "string_too_long": "太长",
}
FIRST_FIELD = {"name": "reason", "title": "事由", "type": "paragraph", "is_required": True, "is_on_card": True}


def all_forms(actor: AnyActor) -> list[FormLine]:
    """Every form, in use or not."""
    actor.require(Permission.FORMS_FORM_EDIT)
    return [queries.form_line(form) for form in catalog.all_forms()]


def form_detail(actor: AnyActor, code: str) -> FormDetail:
    """A form with its definition and its versions."""
    actor.require(Permission.FORMS_FORM_EDIT)
    form, rows = catalog.in_force(code), catalog.versions(code)
    names = people.many(row.created_by for row in rows if row.created_by)
    made = [
        FormVersionOut(
            version=row.version,
            saved_at=row.created_at,
            saved_by=names[row.created_by].name if row.created_by in names else "",
            definition=text_of(catalog.as_of(row.id).definition),
        )
        for row in rows
    ]
    line = dict(queries.form_line(form))
    return FormDetail(**line, definition=text_of(form.definition), versions=made)


def text_of(definition: Definition) -> str:
    """The definition as people edit it: JSON without what goes without saying."""
    return definition.model_dump_json(indent=2, exclude_defaults=True)


def read_definition(text: str) -> Definition:
    """A definition from JSON text, checked whole; `Invalid` with every place that is wrong."""
    try:
        return Definition.model_validate_json(text)
    except ValidationError as error:
        places = [{"field": ".".join(map(str, e["loc"])), "message": _sentence(e)} for e in error.errors()]
        raise Invalid("表单定义有误，请按提示修改", errors=places) from None


def _sentence(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return KNOWN.get(error["type"], "格式不正确")


def try_fill(actor: Actor, code: str, wish: TryForm, given: Given) -> FillOut:
    """The form being designed with what somebody typed into it to try it.

    Approvers are those it would have if it were published: of its own chain, unless HR has saved another one for it.
    """
    form = _drawn(actor, code, wish.definition)
    if not given:
        return queries.fill_view(actor, *filling.begin(actor, form))
    return queries.fill_view(actor, filling.stand(actor, form, given), shape(form.definition, given))


def _drawn(actor: AnyActor, code: str, text: str) -> Form:
    """The form being designed, as if it were in force."""
    actor.require(Permission.FORMS_FORM_EDIT)
    known = catalog.in_force(code)
    return Form(known.id, code, known.version, read_definition(text))


def publish(actor: AnyActor, code: str, wish: Publish) -> FormDetail:
    """Adds a version for requests from now on; `Conflict` when somebody published another one meanwhile.

    `Invalid` when the form's approval chain compares a field that the new version no longer has.
    """
    actor.require(Permission.FORMS_FORM_EDIT)
    before, definition = catalog.in_force(code), read_definition(wish.definition)
    after = Form("", code, before.version + 1, definition)
    _check_places(definition)
    _check_needs(code, definition)
    approvals.check(subjects.subject_of(after))
    row = row_of(code, after.version, definition, actor.person_id if isinstance(actor, Actor) else None)
    if before.version != wish.based_on or not platform.first(FormVersion, **row):
        raise Conflict("表单刚被他人修改过，请刷新后在新版本上再改")
    platform.audit.record(
        actor, "forms.form.publish", f"{code}:{after.version}", before=plain(before.definition), after=plain(definition)
    )
    return form_detail(actor, code)


def _check_places(definition: Definition) -> None:
    wanted = definition.access.departments
    if missing := set(wanted) - people.department_names(wanted).keys():
        places = [{"field": "access.departments", "message": f"没有部门 {one}"} for one in sorted(missing)]
        raise Invalid("使用范围里的部门不存在，请重新选择", errors=places)


def _check_needs(code: str, definition: Definition) -> None:
    if missing := effects.of(code).needs - {field.name for field in definition.fields}:
        places = [{"field": name, "message": "这个字段不能删除或改名"} for name in sorted(missing)]
        raise Invalid("批准这个表单会自动办理后续事项，要保留用到的字段", errors=places)


def add_form(actor: AnyActor, wish: AddForm) -> FormDetail:
    """A form of the company's own, with one field and not in use until HR has designed it."""
    actor.require(Permission.FORMS_FORM_EDIT)
    if catalog.find(wish.code):
        raise Invalid(f"代码 {wish.code} 已被使用，请换一个")
    definition = Definition.model_validate({"title": wish.title, "is_active": False, "fields": [FIRST_FIELD]})
    row = row_of(wish.code, 1, definition, actor.person_id if isinstance(actor, Actor) else None)
    if not platform.first(FormVersion, **row):
        raise Invalid(f"代码 {wish.code} 已被使用，请换一个")
    platform.audit.record(actor, "forms.form.add", wish.code, after={"title": wish.title})
    return form_detail(actor, wish.code)
