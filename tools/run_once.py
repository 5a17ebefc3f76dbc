"""Does what a newcomer does first: `make run`, opens the address that it prints, and ends it. For CI.

Ends with 1 when no page comes within ten minutes. Source: the README's first command.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from urllib.request import urlopen

PATIENCE = 600


def main() -> int:
    """Run, look, end."""
    begun = time.monotonic()
    run = subprocess.Popen(
        ["make", "run", "PORT=0"],  # noqa: S607  the command of the README, at whatever port is free
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    timer = threading.Timer(PATIENCE, os.killpg, (run.pid, signal.SIGKILL))
    timer.start()
    seen = False
    try:
        for line in run.stdout or ():
            print(line, end="", flush=True)
            if (found := re.search(r"The pages are at (http://\S+)", line)) is not None:
                with urlopen(f"{found[1]}account/login/") as answer:  # noqa: S310  our own server
                    seen = answer.status == 200 and b"<main" in answer.read()
                print(f"make run shows its pages after {time.monotonic() - begun:.0f} s", flush=True)
                break
    finally:
        timer.cancel()
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGTERM)
        run.wait(timeout=30)
    return 0 if seen else 1


if __name__ == "__main__":
    sys.exit(main())
