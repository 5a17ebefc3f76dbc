"""Money: who pledged, committed, obligated, disbursed or gave what for which project, and what shares were agreed."""
