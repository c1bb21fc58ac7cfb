"""How dates are written where Django writes them (its admin): as everywhere in the house (visual 5)."""
