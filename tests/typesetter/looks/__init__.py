"""Looks: the three ways a newspaper page reaches the archive, each a function from slots to a tape."""
