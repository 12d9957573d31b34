"""Shapes are checked in tests where jaxtyping is installed, and are the type alone elsewhere."""

import subprocess
import sys
from typing import Any

import pytest
import torch

from isogloss.core import Float

HIDE = "import sys; sys.modules['jaxtyping'] = None; "


def test_without_jaxtyping_a_shape_is_no_more_than_its_type() -> None:
    code = "from isogloss.core import Float, Int, Shaped; print(Float[int, 'a b'], Int is Shaped)"
    done = subprocess.run(
        [sys.executable, "-c", HIDE + code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["<class", "'int'>", "True"]


def test_a_wrong_shape_does_not_pass_a_function_of_the_rooms_about_tensors() -> None:
    jaxtyping: Any = pytest.importorskip("jaxtyping", reason="shapes are checked with it")
    pytest.importorskip("beartype", reason="shapes are checked with it")
    from isogloss.gradients.measures import joined, norms

    assert norms(torch.eye(2)).shape == (2,)
    for wrong in (torch.zeros(2, 3), torch.zeros(2), torch.zeros(2, 2, dtype=torch.long)):
        with pytest.raises(jaxtyping.TypeCheckError):
            norms(wrong)
    with pytest.raises(jaxtyping.TypeCheckError):
        joined(torch.zeros(4, 2))
    assert isinstance(torch.zeros(2, 3), Float[torch.Tensor, "a b"])
