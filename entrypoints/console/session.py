"""Login, logout and step-up on the console: WeCom is asked by scanning."""

from entrypoints import sessions
from entrypoints.login import Door
from models.enums import LoginFlow, Surface
from wecom.oauth import OAuth

DOOR = Door(LoginFlow.CONSOLE, Surface.CONSOLE, "/console/login/return", OAuth.login_url)

bp = sessions.pages(DOOR)
