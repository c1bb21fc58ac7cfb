"""Secrets of one checkout: made once, kept in a file only its owner can read.

Production does not come here: its settings want every secret from the environment.
"""

import base64
import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY")
PASSWORDS = ("PG_SUPER_PASSWORD", "PG_OWNER_PASSWORD", "PG_APP_PASSWORD", "REDIS_PASSWORD")


def new_secret(name: str) -> str:
    """A fresh secret: a Fernet key for FIELD_KEYS, else 48 random URL-safe characters or more."""
    if name == "FIELD_KEYS":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(36)


def read_env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines of a file as a dictionary; a missing file is empty."""
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines() if "=" in line and line[0] != "#")
    return {name.strip(): value.strip() for name, _, value in pairs}


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def write_env_file(path: Path, values: dict[str, str]) -> None:
    """Write `NAME=value` lines, readable by the owner alone."""
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def kept_secrets(path: Path, names: tuple[str, ...] = NAMES + PASSWORDS) -> dict[str, str]:
    """The secrets of `path`, made where missing and written back."""
    values = read_env_file(path)
    missing = [name for name in names if not values.get(name)]
    if missing:
        values.update({name: new_secret(name) for name in missing})
        write_env_file(path, values)
    return values
