"""The Django application of the cooperation room."""

from django.apps import AppConfig


class CooperationConfig(AppConfig):
    """Registers the room with the record."""

    name = "openmpca.cooperation"
    label = "cooperation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room known to append and rebuild."""
        from openmpca.cooperation.room import ROOM
        from openmpca.record import rooms

        rooms.register(ROOM)
