"""What papers published, as data: their numbers, and what each row means in our words.

One file a paper and one line in the table below. A study that says `reference: wang2020` gets the
paper's numbers beside its own, with the agreement of signs.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.core.references.lee2022 import LEE2022
from isogloss.core.references.reference import PublishedModel, Reference
from isogloss.core.references.wang2020 import WANG2020
from isogloss.core.references.yang2022 import YANG2022

REFERENCES: Final[Mapping[str, Reference]] = {
    "wang2020": WANG2020,
    "lee2022": LEE2022,
    "yang2022": YANG2022,
}

__all__ = ["REFERENCES", "PublishedModel", "Reference"]
