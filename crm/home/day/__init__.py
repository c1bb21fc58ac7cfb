"""My day (我的一天): what waits for one person, most urgent first, one click from each line to the act."""
