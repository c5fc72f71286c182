"""Forms by which people offer something to the library."""
