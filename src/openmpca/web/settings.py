"""The Django settings: one home, one database, no secret in the tree."""

import os
from pathlib import Path

from openmpca.locale import offered
from openmpca.record.home import configuration, database, home

SECRET_KEY = "not used: nothing is signed or served yet"  # noqa: S105  replaced by a generated file when pages are served
INSTALLED_APPS = ["openmpca.record", "openmpca.proof", "openmpca.accounting", "openmpca.cooperation"]
ROOT_URLCONF = "openmpca.proof.publishing.urls"
DATABASES = {"default": database(configuration().database, home())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = offered(with_pseudo=os.environ.get("OPENMPCA_PSEUDO") == "1")
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
