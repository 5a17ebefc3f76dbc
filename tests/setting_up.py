"""Django set up for the tests of this process with all applications, those of the pages too.

Commands that a test runs in processes of their own choose their settings themselves, as they do for a user.
"""

import os


def set_up() -> None:
    """Set Django up once, and leave no trace of it in the environment."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "openmpca.web.serving_settings"
    os.environ["OPENMPCA_HOSTS"] = "testserver,localhost,127.0.0.1"
    try:
        django.setup()
    finally:
        del os.environ["DJANGO_SETTINGS_MODULE"], os.environ["OPENMPCA_HOSTS"]
