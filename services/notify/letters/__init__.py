"""Letters: what is told, in words: one page of blocks becomes HTML, plain text and Markdown."""
