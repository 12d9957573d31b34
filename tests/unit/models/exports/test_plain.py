import pytest

from isogloss.core import InputError
from isogloss.models.exports.plain import to_plain
from unit.models.toys import adapters, toy_model


def test_without_modules_it_is_the_backbone() -> None:
    model = toy_model()
    assert to_plain(model, without_modules=False) == (model.backbone, ())


def test_modules_are_not_lost_unasked() -> None:
    with pytest.raises(InputError, match="modules of kind `adapter` for eng-Latn, tel-Telu"):
        to_plain(toy_model(adapters()), without_modules=False)


def test_modules_that_are_left_out_are_named() -> None:
    model = toy_model(adapters())
    backbone, [note] = to_plain(model, without_modules=True)
    assert backbone is model.backbone
    assert "`adapter` are left out" in note
