"""What the product is compared with: loops with no product in them that do the same durable work."""
