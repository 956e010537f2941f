"""Jobs for workers: importable by spawned processes."""

from __future__ import annotations

import os
import time

from textmine.errors import PasswordError


def double(number: int) -> int:
    return 2 * number


def misbehave(name: str) -> str:
    if name == "hang":
        time.sleep(60)
    if name == "crash":
        os._exit(3)
    if name == "bomb":
        return str(len(bytearray(4 * 2**30)))
    if name == "raise":
        raise ZeroDivisionError("by zero")
    if name == "locked":
        raise PasswordError("locked.pdf is encrypted.")
    return name.upper()


def name_worker(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()
