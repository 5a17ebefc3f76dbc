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
        from django.contrib.auth.hashers import Argon2PasswordHasher
    finally:
        del os.environ["DJANGO_SETTINGS_MODULE"], os.environ["OPENMPCA_HOSTS"]
    # Passphrases of tests keep nobody out; what guessing costs is what every sign-in of a test would cost.
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
