"""Physical inventory: the list to tick, what was found, differences, hold-up."""
