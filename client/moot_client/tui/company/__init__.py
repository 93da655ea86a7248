"""The others: the connection, who is here, and what is said of both."""
