"""The families of networks for images, one a file."""
