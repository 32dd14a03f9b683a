"""drops: neural networks in fourteen daily lessons, and a memory that lasts."""

__version__ = "0.1.0"
