"""Private keys of this home, in files for their owner alone, and what the record says of them."""
