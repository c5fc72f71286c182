"""Reading boards: feeds, job pages and pay, beside the libraries that one would take for each."""
