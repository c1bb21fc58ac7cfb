"""What `make assure` runs: the rows of the trust page, in full, each with its own runner."""
