"""The trial tables: what they look like, whether they keep their rules, how to choose among them."""
