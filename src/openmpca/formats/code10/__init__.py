"""IAEA Code 10, labelled format: reading, writing, typed view, rules and material balance arithmetic of reports."""
