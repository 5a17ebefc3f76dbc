"""The Django application of proofs."""

from django.apps import AppConfig


class ProofConfig(AppConfig):
    """Registers the room with the record."""

    name = "openmpca.proof"
    label = "proof"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room known to append and rebuild."""
        from openmpca.proof.room import ROOM
        from openmpca.record import rooms

        rooms.register(ROOM)
