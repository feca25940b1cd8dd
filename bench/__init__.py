"""How fast the product is, as ratios to bare loops that do the same work with no product in them: `python -m bench`."""
