"""Long proofs about the whole system, each named by what it proves; modules keep theirs in `tests/assurance/`."""
