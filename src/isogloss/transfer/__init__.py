"""Transfer matrices: what tuning on one language does to others, from units that cells share.

A unit is one training on text (an adapter, or a few steps of the whole body), a task adapter one
training on labels; a cell tests units under a task adapter on a target. All three lie at addresses
made of what they depend on, so nothing is done twice and any interruption is harmless.

    spec = MatrixSpec(model="my-checkpoint", transfer_languages=("en", "sw"), tasks=("ner",))
    run_matrix(spec, "data", Path("out"))

>>> from isogloss.transfer import METHODS
>>> METHODS
('adapters', 'tune', 'leave_one_out', 'lookahead')
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.transfer.cost import Forecast
    from isogloss.transfer.matrix import Watch, plan_matrix, run_matrix
    from isogloss.transfer.spec import METHODS, MatrixSpec, bundled_matrix, parse_matrix

__all__ = [
    "METHODS",
    "Forecast",
    "MatrixSpec",
    "Watch",
    "bundled_matrix",
    "parse_matrix",
    "plan_matrix",
    "run_matrix",
]

make_lazy(__name__)
