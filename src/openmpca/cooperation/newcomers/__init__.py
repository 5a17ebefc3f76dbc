"""Third countries: where a newcomer stands, what it needs, who offers, and what both sides agreed to."""
