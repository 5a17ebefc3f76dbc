"""Parties: what each is, which role it has in what, whom one reaches there."""
