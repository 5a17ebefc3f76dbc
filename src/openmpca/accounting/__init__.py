"""Nuclear material accounting: register, book, physical inventory, reports."""
