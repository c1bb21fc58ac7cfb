"""How dates are written where Django writes them (its admin): as everywhere else (visual 5)."""
