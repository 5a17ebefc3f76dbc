"""The Django application of the record."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Registers the record's own room: parties, persons, grants and duties."""

    name = "openmpca.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room known to append and rebuild."""
        from openmpca.record import rooms
        from openmpca.record.room import ROOM

        rooms.register(ROOM)
