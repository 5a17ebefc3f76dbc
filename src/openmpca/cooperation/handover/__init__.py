"""Handing over: how well an owner sustains its own system, the plan by which it takes it over, and what follows."""
