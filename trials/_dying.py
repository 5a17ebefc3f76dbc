"""The command, but a server that it serves kills itself with SIGKILL at a moment that a file in its home names.

python -m trials._dying serve --port 0

What is served is OpenMPCA as it is; around some of its calls stands the question whether this is the moment.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

ARMED: Final = "dies-at"
RECEIVED = "the request is there"
UNNAMED = "the file is written, and not there yet"
WRITTEN = "all is written, before the record's commit"
RECORDED = "after the record's commit, before the pages' own"
BESIDE = "after the pages' own commit"
ANSWERED = "all is done, before the answer"


def arm(home: Path, moment: str) -> None:
    """Have the server of a home die at a moment."""
    (home / ARMED).write_text(moment, encoding="utf-8")


def disarm(home: Path) -> None:
    """Have it live."""
    (home / ARMED).unlink(missing_ok=True)


def _now(moment: str) -> None:
    path = Path(os.environ["OPENMPCA_HOME"]) / ARMED
    if path.is_file() and path.read_text(encoding="utf-8") == moment:
        path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _around_commits() -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def committed(self: Any) -> Any:
        if self.alias == "default":
            _now(WRITTEN)
        done = commit(self)
        if self.alias == "default":
            _now(RECORDED)
        return done

    BaseDatabaseWrapper._commit = committed


def _around_files() -> None:
    from openmpca.pages import drafting, uploads

    for module in (uploads, drafting):
        module.drop = _then(module.drop, BESIDE)  # type: ignore[attr-defined]
    rename = Path.rename

    def renamed(self: Path, target: Any) -> Path:
        if self.suffix == ".part":
            _now(UNNAMED)
        return rename(self, target)

    Path.rename = renamed  # type: ignore[method-assign]


def _then(function: Any, moment: str) -> Any:
    def called(*arguments: Any) -> Any:
        done = function(*arguments)
        _now(moment)
        return done

    return called


def _around_requests() -> None:
    from openmpca.web import serving

    made = serving.application

    def application() -> Any:
        inner = made()
        _around_commits()
        _around_files()

        def asked(environ: dict[str, Any], start_response: Any) -> Any:
            if environ["REQUEST_METHOD"] == "POST":
                _now(RECEIVED)
            answer = inner(environ, start_response)
            if environ["REQUEST_METHOD"] == "POST":
                _now(ANSWERED)
            return answer

        return asked

    serving.application = application


def main() -> None:
    """Run the command."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "openmpca.web.serving_settings"
    _around_requests()
    from openmpca.cli import main as command

    sys.argv[0] = "openmpca"
    command()


if __name__ == "__main__":
    main()
