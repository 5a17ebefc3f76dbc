"""The migrations of the room: its operational tables."""
