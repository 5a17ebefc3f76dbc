"""golang.org/x/mod/sumdb as Debian packages it, behind a small program of ours that is built once for the tests."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent / "go"
PACKAGES = Path("/usr/share/gocode")
SUMDB = PACKAGES / "src/golang.org/x/mod/sumdb"


def built(folder: Path) -> Path:
    """The program, built without a network. Skips where Go, or the package that is compared with, is not installed."""
    go = shutil.which("go")
    if not go:
        pytest.skip("go is not installed")
    if not SUMDB.is_dir():
        pytest.skip("golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)")
    program = folder / "interop"
    offline = {
        "GO111MODULE": "off",
        "GOPATH": str(PACKAGES),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOENV": "off",
        "GOPROXY": "off",
    }
    done = subprocess.run(
        [go, "build", "-o", str(program), "main.go"],
        cwd=SOURCE,
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return program


def asked(program: Path, command: str, request: dict[str, Any]) -> dict[str, Any]:
    """The program's answer to one request."""
    done = subprocess.run([program, command], input=json.dumps(request).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def written(plain: bytes) -> str:
    """Bytes as Go reads and writes them in JSON."""
    return base64.b64encode(plain).decode()


def read(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def read_all(texts: list[str] | None) -> list[bytes]:
    return list(map(read, texts or []))
