"""Clocks and memory of a process and its workers.

A `Stopwatch` puts a clock around functions of the program from outside; a clock stops while another one inside it runs,
so the stages of a measurement add up to the whole.
"""

import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

MIB: Final = 1 << 20


class Stopwatch:
    """Seconds by stage, each without what the stages inside it took; ``cpu`` is the processor time of this process."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._open: list[str] = []
        self._since, self._cpu_since = time.perf_counter(), time.process_time()
        self._undo: list[Callable[[], None]] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block under a name."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now, cpu = time.perf_counter(), time.process_time()
        if self._open:
            name = self._open[-1]
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
            self.cpu[name] = self.cpu.get(name, 0.0) + cpu - self._cpu_since
        self._since, self._cpu_since = now, cpu

    def around(self, holder: ModuleType | type | object, attribute: str, name: str) -> None:
        """Count the time of a function of a module or object under a name, until `restore`."""
        wrapped = getattr(holder, attribute)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return wrapped(*args, **kwargs)

        object.__setattr__(holder, attribute, timed) if not isinstance(holder, type) else setattr(
            holder, attribute, timed
        )
        self._undo.append(
            lambda: (
                object.__setattr__(holder, attribute, wrapped)
                if not isinstance(holder, type)
                else setattr(holder, attribute, wrapped)
            )
        )

    def restore(self) -> None:
        """Take every clock away again."""
        while self._undo:
            self._undo.pop()()


class Memory:
    """The peak of the resident memory of this process and of its children together, shared pages counted once."""

    def __init__(self, every: float = 0.1) -> None:
        self.peak, self.peak_alone, self._every = 0, 0, every
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(self._every):
            alone = proportional(os.getpid())
            self.peak_alone = max(self.peak_alone, alone)
            self.peak = max(self.peak, alone + sum(map(proportional, descendants(os.getpid()))))


def proportional(pid: int) -> int:
    """The proportional set size of a process in bytes, 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def descendants(pid: int) -> list[int]:
    """The processes below a process."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = [int(each) for each in task.read_text().split()]
        except OSError:
            continue
        for each in below:
            found += [each, *descendants(each)]
    return found


def machine() -> dict[str, Any]:
    """What the measurement ran on, and how busy it was already."""
    info = Path("/proc/cpuinfo")
    model = (
        next(
            (line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), ""
        )
        if info.exists()
        else ""
    )
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": model or platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB,
        "python": platform.python_version(),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and largest of some times, in milliseconds."""
    ordered = sorted(seconds)
    at = [ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], ordered[-1]]
    return dict(zip(("median_ms", "p95_ms", "max_ms"), (round(each * 1000, 2) for each in at), strict=True))


def part(label: str, command: list[str], options: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run one part of a benchmark in a process and home of its own; gives the JSON of its last line.

    ``label`` is what is printed while it runs: no option is, since an address of a database holds a password.
    """
    from trials import _state

    begun = time.monotonic()
    arguments = [text for key, value in options.items() for text in (f"--{key}", str(value))]
    print(label, end=" ", flush=True)
    ran = subprocess.run(
        [sys.executable, *command, *arguments],
        env=_state.environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(f"{time.monotonic() - begun:.1f} s", flush=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found
