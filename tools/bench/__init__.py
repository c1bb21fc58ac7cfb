"""`make bench`: our pages at 10,000 and 100,000 clients beside floors of the same run: ratios, not verdicts."""
