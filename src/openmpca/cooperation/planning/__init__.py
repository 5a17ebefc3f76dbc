"""Plans of projects: logframe, work breakdown, milestones; revisions that are valid by decision; earned value."""
