"""Tooling around the product: set-up, services of one machine, checks, benches, screenshots. Never imported by it."""
