"""What things look like: colours, signs, words with a role, pages as blocks."""
