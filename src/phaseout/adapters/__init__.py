"""The outside world, each library behind one of our ports."""
