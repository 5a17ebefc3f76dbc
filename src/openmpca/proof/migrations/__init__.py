"""The migrations of the tables beside the record that proofs need."""
