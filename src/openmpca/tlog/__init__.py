"""Merkle tree, tiles and selective disclosure."""
