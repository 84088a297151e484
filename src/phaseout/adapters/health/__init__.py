"""Where health remembers, in small files; and what it asks of the machine itself."""
