"""One way to write content as JSON, and the SHA-256 of it: the same content always has the same digest."""

import hashlib
import json
from typing import Any


def canonical(content: Any) -> str:
    """Keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: Any) -> str:
    """SHA-256 of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
