"""Writes back each byte it reads: the floor of every figure, Python and the kernel alone."""

from __future__ import annotations

import os

MARKER = "echo"

if __name__ == "__main__":
    os.write(1, MARKER.encode())
    while (data := os.read(0, 64)) not in (b"", b"\x11"):
        os.write(1, data)
