"""What everything on a screen stands on."""
