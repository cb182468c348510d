"""Jianbao 剪报: messy text of Chinese newspaper pages becomes a themed archive."""

__version__ = "0.1.0"
