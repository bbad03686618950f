"""Limits on guessing: an attempt counts before it is tried, so that forty at once are no way round."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, abort, current_app
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter


@dataclass(frozen=True)
class Limit:
    """So many failures in a time, such as `8 per 15 minutes`, for each `key` of this `name`."""

    name: str
    rate: str
    key: str


@dataclass
class Attempt:
    """Set `failed` to False when it succeeded: only failures stay counted."""

    failed: bool = True


@contextmanager
def attempt(*limits: Limit) -> Iterator[Attempt]:
    """Try something that must not be tried too often; 429 when any of the limits is used up."""
    taken: list[Limit] = []
    tried = Attempt()
    limiter: FixedWindowRateLimiter = current_app.extensions["throttle"]
    try:
        for limit in limits:
            taken.append(limit)
            if not limiter.hit(parse(limit.rate), limit.name, limit.key):
                abort(429)
        yield tried
    finally:
        if not tried.failed:
            for limit in taken:
                limiter.hit(parse(limit.rate), limit.name, limit.key, cost=-1)


def init_throttle(app: Flask) -> None:
    """Count where the settings say; nothing is looked at on requests that try nothing."""
    app.extensions["throttle"] = FixedWindowRateLimiter(storage_from_string(app.config["RATELIMIT_STORAGE_URI"]))
