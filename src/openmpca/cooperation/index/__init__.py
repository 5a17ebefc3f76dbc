"""The index of partnership: which share of proposals, decisions, money, work and persons each party had, by year."""
