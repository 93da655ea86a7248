"""How a community comes to the screen, and what is read while somebody looks."""
