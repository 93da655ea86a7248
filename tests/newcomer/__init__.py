"""What a newcomer does in their first hour, played in a real terminal: `scripts/newcomer`."""
