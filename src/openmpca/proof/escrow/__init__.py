"""A whole inventory committed to now and opened step by step."""
