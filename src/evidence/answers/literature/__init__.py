"""Our pools and grades beside those of published reviews of the same question."""
