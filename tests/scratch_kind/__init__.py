"""The next kind of record that somebody adds, step by step as ``docs/adding-a-kind.md`` says."""
