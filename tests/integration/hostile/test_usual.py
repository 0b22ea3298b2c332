"""What the attacks begin from: every route does its work for whom it is meant (otherwise they would prove nothing)."""

from models.base import db
from tests.integration.hostile.attack import undone
from tests.integration.hostile.routes import visits
from tests.integration.hostile.world import World

# what cannot go well here: no file was configured, nobody came from WeCom, the tables were not made by migrations,
# codes are not in force and the employee's PIN is there to be reset only once
EXCUSED = {
    "GET /<string:file>.txt": 404,
    "GET /console/login/return": 403,
    "GET /h5/login/return": 403,
    "GET /h5/people/me/consent/return": 403,
    "GET /readyz": 503,
    "POST /api/v1/session": 403,
    "POST /api/v1/session/step-up/totp": 409,
    "POST /console/forms/requests/<string:request_id>/void": 409,
    "POST /console/step-up/totp": 409,
    "POST /h5/step-up/totp": 409,
}


def test_every_route_answers_whom_it_is_meant_for(world: World) -> None:
    wrong = {}
    for visit in visits(world):
        with undone():
            response = visit.pay(world)
        if response.status_code >= 400 and response.status_code != EXCUSED.get(visit.route):
            wrong[visit.route] = (visit.who, response.status_code, visit.body, response.text[-300:])
    db.session.expire_all()
    assert not wrong, "\n".join(f"{route}: {what}" for route, what in wrong.items())
