"""The home of a State on this machine: a folder with its configuration, its database, its reports and its backups.

The configuration is `openmpca.toml` in that folder; each value may be given by the environment instead. No Django here.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

CONFIGURATION: Final = "openmpca.toml"
KEPT_SECONDS: Final = 600
"""For how long a server's thread keeps a connection: what it remembers of the database is worth that, and no more."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a home says.

    Which database, who acts by default and for which party, where backups go, in which profile reports are written. For
    the log: the name of its key, the file with the policy of the partners, the multiple to which checkpoints are
    padded (0: not), and every how many seconds there should be one (0: no such schedule). How many processes serve the
    pages (0: one for each core, four at most).
    """

    database: str = ""
    by: str = ""
    party: str = ""
    backups: str = "backups"
    profile: str = "agency"
    origin: str = ""
    policy: str = ""
    pad: Annotated[int, msgspec.Meta(ge=0, le=1 << 20)] = 0
    checkpoint_every: Annotated[int, msgspec.Meta(ge=0)] = 0
    processes: Annotated[int, msgspec.Meta(ge=0, le=64)] = 0


def home() -> Path:
    """The folder in use: OPENMPCA_HOME, else `openmpca` in the user's home folder."""
    given = os.environ.get("OPENMPCA_HOME")
    return Path(given) if given else Path.home() / "openmpca"


class ConfigurationError(Exception):
    """What the configuration says cannot be read or used; the text says where and why."""


def configuration(folder: Path | None = None) -> Configuration:
    """The configuration of a home, with the environment's values first."""
    path = (folder or home()) / CONFIGURATION
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for name in Configuration.__struct_fields__:
            if value := os.environ.get(f"OPENMPCA_{name.upper()}"):
                read[name] = value
        return msgspec.convert(read, Configuration, strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def written(given: Configuration) -> str:
    """The text of `openmpca.toml` for a configuration, with every value that is not the default."""
    default = Configuration()
    lines = [
        f"{name} = {msgspec.json.encode(getattr(given, name)).decode()}"
        for name in Configuration.__struct_fields__
        if getattr(given, name) != getattr(default, name)
    ]
    return "\n".join([*lines, ""])


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address, or for the SQLite file in the folder when it is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "openmpca.sqlite3"),
            "CONN_MAX_AGE": KEPT_SECONDS,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864;"
                " PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ConfigurationError(f"the database address must begin with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "").replace("%2F", "/"),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
