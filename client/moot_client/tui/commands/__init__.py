"""Everything that can be done: by which key, under which name, and what somebody has changed of it."""
