"""What the book costs: measured, with the results beside it."""
