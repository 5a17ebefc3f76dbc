"""Runs the shell lines of a page as a reader would type them, and compares what the page shows with what came.

A block marked ``console`` holds commands after ``$ `` (continued after ``> ``) and below each the output, which must
match where any is shown: ``...`` in a line stands for any text, alone for any lines. A block marked ``sh`` holds
commands only. Folder and variables live on from one command to the next; a command that fails fails the page. Blocks
in other languages are not run, nor is a block after the comment ``<!-- not run: REASON -->``.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS_A_COMMAND = 300
FENCE = re.compile(r"^(?:<!-- not run: (?P<reason>.+?) -->\n+)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
SHELL = ("console", "sh")

STAND_INS = {
    r"git clone \S+( \S+)?": "true",
    r"cd openmpca": "true",
    r"make run": ".venv/bin/openmpca demonstration",
    r"make test": "true",
}
"""What ``.ci/run`` has done already when a page is run, and what is left of it here."""


@dataclass(frozen=True)
class Command:
    """One command of a page, and the lines that the page shows below it (none shown: nothing is compared)."""

    text: str
    output: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """One fenced block; ``reason`` says why it is not run."""

    language: str
    text: str
    reason: str


def blocks(page: str) -> list[Block]:
    """The shell blocks of a page, in order."""
    found = (Block(each["language"], each["text"], each["reason"] or "") for each in FENCE.finditer(page))
    return [block for block in found if block.language in SHELL]


def commands(block: Block) -> Iterator[Command]:
    """The commands of one block with their outputs."""
    if block.language == "sh":
        for text in re.split(r"(?<!\\)\n", block.text):
            if text.strip() and not text.lstrip().startswith("#"):
                yield Command(text, ())
        return
    typed: list[str] = []
    output: list[str] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if typed:
                yield Command("\n".join(typed), tuple(output))
            typed, output = [line[2:]], []
        elif line.startswith("> ") and typed and not output:
            typed.append(line[2:])
        else:
            output.append(line.rstrip())
    if typed:
        yield Command("\n".join(typed), tuple(output))


def pattern(output: tuple[str, ...]) -> str:
    """The regular expression that the shown lines stand for."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == "..." else ".*".join(re.escape(part) for part in line.split("...")) + r"\n"
        for line in output
    ]
    return "".join(parts)


def matches(shown: tuple[str, ...], came: str) -> bool:
    """Whether what came is what the page shows; blanks at line ends and empty lines at the end do not count."""
    lines = "\n".join(line.rstrip() for line in came.splitlines()).rstrip("\n") + "\n"
    trimmed = list(shown)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return not trimmed or re.fullmatch(pattern(tuple(trimmed)), lines) is not None


class Shell:
    """A shell in an empty folder that remembers its folder and variables, with the tested command on its path."""

    def __init__(self, folder: Path, environment: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".venv").symlink_to(environment)
        self.state = folder.parent / f"{folder.name}.state"
        self.state.write_text(f"cd '{folder}'\n")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("OPENMPCA_", "COV_", "PYTEST_"))
        }
        self.sessions: list[int] = []
        self.environment = {
            **kept,
            "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "TZ": "UTC",
        }

    def run(self, text: str) -> "subprocess.CompletedProcess[str]":
        """Run one command; its output and errors come together."""
        after = f'status=$?; {{ export -p; echo "cd \'$PWD\'"; }} >"{self.state}"; exit $status'
        script = f'set -a\n. "{self.state}"\n{text}\n{after}\n'
        process = subprocess.Popen(
            ["bash", "-c", script],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.sessions.append(process.pid)
        output, _ = process.communicate(timeout=SECONDS_A_COMMAND)
        return subprocess.CompletedProcess(text, process.returncode, output)

    def end(self) -> None:
        """End whatever the commands left running."""
        for session in self.sessions:
            with suppress(ProcessLookupError):
                os.killpg(session, signal.SIGTERM)


def stand_in(text: str) -> str:
    """The command itself, or what is left of it where ``.ci/run`` has done it already."""
    for done, left in STAND_INS.items():
        if re.fullmatch(done, text.strip()):
            return left
    return text


def run_page(page: str, folder: Path, environment: Path | None = None) -> list[str]:
    """Run all commands of a page in order; the first that fails or shows something else is told, with what came.

    ``environment`` is the folder in whose ``bin`` the command is: that of this Python, or one that was installed.
    """
    shell = Shell(folder, environment or Path(sys.prefix))
    try:
        return _run_blocks(page, shell)
    finally:
        shell.end()


def _run_blocks(page: str, shell: Shell) -> list[str]:
    for block in blocks(page):
        if block.reason:
            continue
        for command in commands(block):
            done = shell.run(stand_in(command.text))
            if done.returncode:
                return [f"$ {command.text}\nended with {done.returncode}:\n{done.stdout}"]
            if not matches(command.output, done.stdout):
                shown = "\n".join(command.output)
                return [f"$ {command.text}\nThe page shows:\n{shown}\nbut this came:\n{done.stdout}"]
    return []
