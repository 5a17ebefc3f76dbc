"""The Django application of the accounting room."""

from django.apps import AppConfig


class AccountingConfig(AppConfig):
    """Registers the room with the record."""

    name = "openmpca.accounting"
    label = "accounting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room known to append and rebuild."""
        from openmpca.accounting.room import ROOM
        from openmpca.record import rooms

        rooms.register(ROOM)
