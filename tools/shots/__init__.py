"""`make shots`: every page as a picture (light, dark, 390 px, English) with an index."""
