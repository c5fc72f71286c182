"""What grows with the data, and how fast; what a process and an image weigh."""
