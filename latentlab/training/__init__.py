"""Training: recipes, what they minimise, the loop, and what becomes a checkpoint."""
