"""What the house needs to keep itself: the environment, and the pages that are made from code."""
