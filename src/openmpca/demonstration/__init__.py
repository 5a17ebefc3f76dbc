"""A State that is not real: its story as scenario files, the player that states it, the generator of its routine."""
