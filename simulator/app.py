"""The Flask application around a twin: API, login pages and the page for people."""

from pathlib import Path

from flask import Flask

from simulator.api import api_blueprint
from simulator.gate import FaultGate
from simulator.page import acts, login, views
from simulator.page.product import Product
from simulator.twin import Twin

STATIC = Path(__file__).resolve().parent.parent / "static"


def create_app(twin: Twin, product_url: str = "http://127.0.0.1:5000") -> Flask:
    """WeCom for one corporation. `product_url` is where H5 pages live, for the phone frame."""
    app = Flask(__name__, static_folder=str(STATIC), template_folder="page/templates")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.extensions["twin"] = twin
    app.extensions["product"] = Product(product_url)
    app.register_blueprint(api_blueprint(twin))
    app.register_blueprint(login.bp)
    app.register_blueprint(views.bp)
    app.register_blueprint(acts.bp)
    app.wsgi_app = FaultGate(app.wsgi_app, twin.faults)  # type: ignore[method-assign]  # Flask's documented way
    return app
