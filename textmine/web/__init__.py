"""The web application: pages and JSON over the findings and the store, for one machine and without a network."""

from textmine.web.app import create_app
from textmine.web.security import LOOPBACK

__all__ = ["LOOPBACK", "create_app"]
