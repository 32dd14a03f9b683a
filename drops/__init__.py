"""drops: neural networks in daily lessons of 5 to 8 minutes, and a memory that lasts."""

__version__ = "0.1.0"
