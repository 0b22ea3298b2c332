"""The composition root: settings, wiring, blueprints. No logic.

`gunicorn app:app` serves it; `flask …` finds it here. What is wrong with the surroundings ends in one line.
"""

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
import requests
from flask import Flask
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

import wecom
from entrypoints import api, callbacks, cli, console, h5, headers, health, http, pages, problems
from entrypoints.shared import SharedMeter, SharedTokens
from kit import config, log
from models import engine
from models.base import db
from services import people, platform, wiring

HERE = Path(__file__).parent
CANNOT = "wecom-hr cannot start"


def create_app(settings: config.Settings, outside: requests.Session | None = None) -> Flask:
    """The whole product. `outside` replaces the HTTP session to WeCom (tests mount the twin on it)."""
    app = Flask(__name__, template_folder="entrypoints/templates", root_path=str(HERE))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=engine.url(settings.database, HERE),
        SQLALCHEMY_ENGINE_OPTIONS=engine.options(settings.database),
        PUBLIC_URL=settings.server.public_url,
        FRAME_ANCESTORS=settings.server.frame_ancestors,
        DOMAIN_VERIFY_FILE=settings.server.domain_verify_file,
        WECOM=settings.wecom,
        JOBS=settings.jobs,
        AUDIT=settings.audit,
        PDF=settings.pdf,
        STEP_UP=settings.security.step_up,
    )
    db.init_app(app)
    _introduce(app, settings, outside)
    _open_ways_in(app, settings.server)
    return app


def _introduce(app: Flask, settings: config.Settings, outside: requests.Session | None) -> None:
    security = settings.security
    platform.vault.install(security.sealer(), security.signer())
    people.sessions.set_lifetimes(
        people.sessions.Lifetimes(
            timedelta(minutes=security.session_idle_minutes),
            timedelta(hours=security.session_hours),
            timedelta(minutes=security.step_up_minutes),
        )
    )
    wiring.connect()
    app.extensions["wecom"] = wecom.connect(
        settings.wecom, tokens=_tokens(app, settings.wecom), meter=SharedMeter(app), session=outside
    )


def _tokens(app: Flask, settings: config.Wecom) -> wecom.TokenStore:
    if settings.token_store == "redis":  # noqa: S105 — the name of a place, not a secret
        return wecom.RedisTokens.at(settings.redis_url.get_secret_value())
    return SharedTokens(app)


def _open_ways_in(app: Flask, server: config.Server) -> None:
    if server.trusted_proxies:
        hops = server.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for blueprint in (health.bp, pages.bp, callbacks.bp, api.surface(), h5.surface(), console.surface()):
        app.register_blueprint(blueprint)
    pages.install(app)
    problems.install(app)
    headers.install(app)
    cli.install(app)
    http.check_declared(app)


def _check_surroundings(app: Flask, *, at_head: bool = True) -> None:
    with app.app_context():
        try:
            at, head = platform.schema.current(), platform.schema.head()
        except SQLAlchemyError as error:
            sys.exit(f"{CANNOT}: [database.url] the database does not answer: {error.__cause__ or error}")
    if at_head and at != head:
        sys.exit(f"{CANNOT}: the schema is at {at or 'nothing'}, not at {head}; run `flask db upgrade`")


def __getattr__(name: str) -> Any:
    """`app`, built on first sight. A server looks at its surroundings now, a command when it is about to work."""
    if name != "app":
        raise AttributeError(name)
    try:
        settings = config.load(config.default_path(HERE))
        log.setup(settings.log.level)
        app = create_app(settings)
    except config.BadSettings as error:
        sys.exit(f"{CANNOT}: {error}")
    except ArgumentError as error:
        sys.exit(f"{CANNOT}: [database.url] is not an address of a database: {error}")
    if click.get_current_context(silent=True) is None:
        _check_surroundings(app)
    cli.check_first(partial(_check_surroundings, app))
    globals()["app"] = app
    return app
