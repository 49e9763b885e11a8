"""From where on a measurement is a finding. Data in one place: changing it needs no new scan.

Where each number comes from is in docs/scanners.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SafeBox:
    """What platforms' own buttons and titles leave free, as shares of the picture from each side."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """All thresholds of the findings about media."""

    black_seconds: float = 0.5
    frozen_seconds: float = 3.0
    flashes_per_second: int = 3
    flashing_share: float = 0.25
    """Of a field of ten degrees."""
    upright: SafeBox = SafeBox(left=0.04, right=0.11, top=0.06, bottom=0.19)
    lying: SafeBox = SafeBox(left=0.05, right=0.05, top=0.05, bottom=0.05)
    upright_from: float = 1.2
    """Height to width from which a film is held upright."""
    safe_slack: float = 0.01
    line_seconds: float = 1.0
    """Writing that is gone sooner comes in or goes out."""
    large_letters: float = 0.03
    """Of the short side: what WCAG calls large-scale text on a phone held upright."""
    contrast_from_pixels: int = 480
    """Of the short side: in smaller pictures, such as previews, letters are too blurred to judge their contrast."""
    contrast: float = 4.5
    large_contrast: float = 3.0
    silent_seconds: float = 2.0
    clipped_runs: int = 10
    loudest_lufs: float = -11.0
    softest_lufs: float = -24.0
    peak_dbtp: float = -1.0
    peak_slack_db: float = 0.3
    """What two meters may differ by."""
    speech_share: float = 0.5
    """Of the time of captions, in which something like speech must be heard."""
    logo_alike: float = 0.8
    """From this correlation on it is the logo. Looking for it ends there, so another number needs a new scan."""
    findings_per_rule: int = 5


LIMITS = Limits()
