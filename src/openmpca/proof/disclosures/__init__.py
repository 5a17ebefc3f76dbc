"""Chosen fields shown to a recipient: released, written, checked offline, told in plain words."""
