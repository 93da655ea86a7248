"""What somebody typed or did: taken back, or lent to an editor of their own."""
