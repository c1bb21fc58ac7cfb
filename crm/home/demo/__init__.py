"""The demo institution: made by the same services people use, with days that move with today."""
