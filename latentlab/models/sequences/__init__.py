"""The families of networks for sequences of tokens, one a file, and the blocks they share."""
