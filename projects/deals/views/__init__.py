"""The pages of deals: the deal itself, its documents."""
