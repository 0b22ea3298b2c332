"""Login, logout and step-up on the mobile pages: WeCom knows who holds the phone."""

from entrypoints import sessions
from entrypoints.login import Door
from models.enums import LoginFlow, Surface
from wecom.oauth import OAuth

DOOR = Door(LoginFlow.H5, Surface.H5, "/h5/login/return", OAuth.authorize_url)

bp = sessions.pages(DOOR)
