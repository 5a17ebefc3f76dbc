"""The Django application of the roof: accounts, events, drafts."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What belongs to the pages and not to the record."""

    name = "openmpca.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what sign-in says, and declare the pages of all rooms."""
        from openmpca.web import signing_in

        signing_in.listen()
