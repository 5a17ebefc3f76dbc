"""Elements, categories, masses, quantities and official code lists."""
