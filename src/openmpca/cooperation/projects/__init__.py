"""Projects: their lives as each party sees them, and what is managed of them jointly."""
