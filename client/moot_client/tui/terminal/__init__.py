"""Between Textual and a real terminal."""
