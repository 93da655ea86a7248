"""Who may say what: seals, history, roster, admission, pasteable lines."""
