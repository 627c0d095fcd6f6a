"""Becomes a program, beside which a process computes that stands back as engines do.

``python bench/busy_beside.py PROGRAM ARGUMENT …``. It computes until the program has ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if __name__ == "__main__":
    program = os.getpid()
    if os.fork() == 0:
        from annotator.workflow.engine_process import stand_back

        stand_back()
        os.closerange(0, 1024)  # Or terminals would stay open for as long as it stands still.
        while os.getppid() == program:
            sum(range(10_000))
        os._exit(0)
    os.execvp(sys.argv[1], sys.argv[1:])
