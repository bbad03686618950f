"""Servers on the loopback and the client that asks them: gunicorn as in docs/deploy.md, a new connection each time."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

THREADS = 8
READY_WITHIN = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from the first knock to the last byte."""

    status: int
    body: bytes
    headers: http.client.HTTPMessage
    seconds: float


def ask(port: int, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> Answer:
    """One request on a connection of its own."""
    sent = dict(headers)
    body = urlencode(form) if form is not None else None
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, content, response.msg, time.perf_counter() - begun)
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped by itself"
        try:
            if ask(port, path, {}).status < 500:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer on port {port}")


def start(
    application: str, path: str, port: int, environ: Mapping[str, str], *, workers: int = 1
) -> "subprocess.Popen[bytes]":
    """Gunicorn workers that serve `application`, once it answers on `path`; a group of processes of its own."""
    options = [
        "--workers",
        str(workers),
        "--threads",
        str(THREADS),
        "--log-level",
        "critical",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    process = subprocess.Popen(command, env={**os.environ, **environ}, start_new_session=True)
    _wait(process, port, path)
    return process


@contextmanager
def served(application: str, path: str, *, workers: int = 1, **environ: str) -> Iterator[int]:
    """The port of a server that is stopped at the end."""
    port = free_port()
    process = start(application, path, port, environ, workers=workers)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(15)


@dataclass
class Browser:
    """One signed-in person: keeps the cookie, and the token of the page that was read last."""

    port: int
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Encoding": "gzip", "Accept-Language": "da"})
    token: str = ""

    def sign_in(self, email: str, password: str) -> "Browser":
        self._read_token("/sign-in")
        form = {"csrf_token": self.token, "email": email, "password": password}
        answer = ask(self.port, "/sign-in", self.headers, form)
        assert answer.status == 303, f"{email} cannot sign in: {answer.status}"
        self._keep(answer)
        self._read_token("/account")
        return self

    def _read_token(self, path: str) -> None:
        answer = ask(self.port, path, {**self.headers, "Accept-Encoding": "identity"})
        found = re.search(rb'name="csrf_token" value="([^"]+)"', answer.body)
        assert found, f"no form on {path}"
        self.token = found[1].decode()
        self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        if answer.headers["Set-Cookie"]:
            self.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]

    def get(self, path: str) -> Answer:
        return ask(self.port, path, self.headers)

    def tick(self, path: str, note: str = "") -> Answer:
        """Send the form of a button as htmx does."""
        return self.send(path, {"note": note})

    def send(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form as htmx does."""
        return ask(self.port, path, {**self.headers, "HX-Request": "true"}, {"csrf_token": self.token, **form})


def throughput(connections: int, seconds: float, request: Callable[[], object]) -> float:
    """Answers each second when so many clients ask at the same time, each anew as soon as it has its answer."""
    counts = [0] * connections
    until = time.perf_counter() + seconds

    def client(n: int) -> None:
        while time.perf_counter() < until:
            request()
            counts[n] += 1

    threads = [threading.Thread(target=client, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
