"""Photographs restored by a network: whole, tile by tile, in memory or from file to file."""
