"""Shapes of tensors in annotations, which the tests check at every call.

`Float[Tensor, "languages languages"]` is jaxtyping's where that is installed, as it is to develop:
then `tests/conftest.py` lets beartype check annotations of the rooms whose subject is tensors.
Elsewhere it is the type alone: using isogloss needs no package for it, and no call pays for it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Annotated as Float
    from typing import Annotated as Int
    from typing import Annotated as Shaped
else:
    try:
        from jaxtyping import Float, Int, Shaped
    except ModuleNotFoundError:

        class _TypeAlone:
            """Makes the type of a type and a shape."""

            def __class_getitem__(cls, item: tuple[type, str]) -> type:
                return item[0]

        Float = Int = Shaped = _TypeAlone

__all__ = ["Float", "Int", "Shaped"]
