"""`make shots`: every page as a picture (light, dark, 390 px; Chinese, and English of the main ones) with an index."""
