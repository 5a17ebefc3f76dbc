"""Reports from the book to the Agency and back: made, checked, numbered, sent, answered, corrected, reconciled."""
