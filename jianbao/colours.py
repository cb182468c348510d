"""Colours: how far two of them stand apart, and the nearest of the same hue that can be read.

A colour is written `#1f4e79`. Contrast is that of WCAG 2.2: from 1 to 21, and 4.5 for text.
"""

from __future__ import annotations

import colorsys

READABLE = 4.5
# The grounds of style.css: the paper by day and by night, and the words on a button of the accent.
PAPER, NIGHT = "#fbf8f0", "#171512"
ON_STAMP = "#fdf6ec"
# The house's own accent has 7.4 on the paper by night; a derived one looks at home with as much.
AT_NIGHT = 7.0
STEP = 0.01  # of lightness: finer differences nobody sees


def contrast(one: str, other: str) -> float:
    """
    >>> contrast("#000000", "#ffffff"), round(contrast("#a3241b", PAPER), 2)
    (21.0, 7.0)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str, ratio: float = READABLE) -> str:
    """The colour, made darker or lighter until it stands out from its ground.

    >>> readable("#1f4e79", PAPER), readable("#ffcc00", PAPER), readable("#1f4e79", NIGHT, AT_NIGHT)
    ('#1f4e79', '#8a6e00', '#70a8da')
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = -STEP if _luminance(ground) > 0.18 else STEP
    while contrast(colour, ground) < ratio and 0 <= lightness + step <= 1:
        lightness += step
        parts = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    return colour


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
