"""What goes out of the room: lists, histories of reports, the book as a journal."""
