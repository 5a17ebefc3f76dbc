"""What goes to others: activities as IATI has them, where all parties released them; deadlines for calendars."""
