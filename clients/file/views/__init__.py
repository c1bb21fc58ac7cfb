"""The pages of the client file: the client itself, its contacts."""
