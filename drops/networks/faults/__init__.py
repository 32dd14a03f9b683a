"""What can be wrong with a network, by name, and what that does to how a net is made and trained."""
