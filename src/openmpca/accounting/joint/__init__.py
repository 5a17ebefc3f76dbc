"""Joint views: our record beside what a partner's bundles state. Nothing of theirs enters our book."""
