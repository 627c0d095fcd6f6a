"""Where the command starts. Until the rest is imported, ctrl-C ends it without a word."""

from __future__ import annotations

INTERRUPTED = 130

try:
    import signal
except KeyboardInterrupt:
    raise SystemExit(INTERRUPTED) from None


def main() -> None:
    """Entry point of the ``annotator`` command."""
    interrupts = signal.getsignal(signal.SIGINT)
    if interrupts is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from annotator.cli.main import main as start

    signal.signal(signal.SIGINT, interrupts)
    start()


if __name__ == "__main__":
    main()
