"""Latent spaces: statistics of codes, spaces and their axes, paths through them, projections."""
