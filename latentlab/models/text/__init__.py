"""The families of networks for text, one a file."""
