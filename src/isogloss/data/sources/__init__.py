"""Where data lie: folders, a user's own layout in YAML, Hugging Face data sets.

Every layout becomes one `Catalogue` of units (kind, language, split); nothing after the door knows
the layout. Nothing is read before it is asked for, and text streams.
"""

from isogloss.data.sources.opening import open_source
from isogloss.data.sources.protocol import KINDS, NO_LANGUAGE, SPLITS, DataSource, Unit
from isogloss.data.sources.sampled import SampledSource

__all__ = ["KINDS", "NO_LANGUAGE", "SPLITS", "DataSource", "SampledSource", "Unit", "open_source"]
