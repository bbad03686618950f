"""Serving the portal in the foreground, for a demonstration or a small installation."""

import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class PortTaken(OSError):
    """Something else answers on the port already."""


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken when nobody could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"port {port} on {host} is taken: choose another with PORT=…") from error


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until interrupted."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _Server(app, {"bind": bind, "workers": 1, "threads": 8, "worker_class": "gthread", "loglevel": "warning"}).run()
