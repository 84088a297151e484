"""How Phaseout runs somewhere."""
