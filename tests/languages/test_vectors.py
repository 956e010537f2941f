import numpy as np
import pytest

from textmine.languages.vectors import DIMENSIONS, encode


def test_translations_are_neighbours() -> None:
    polish = ["Brak zaufania między firmami.", "Dotacje dla przedsiębiorstw.", "Szlaki turystyczne w górach."]
    english = ["Lack of trust between firms.", "Grants for enterprises.", "Tourist trails in the mountains."]
    likeness = encode(polish) @ encode(english).T
    assert likeness.argmax(axis=1).tolist() == [0, 1, 2]
    assert likeness.argmax(axis=0).tolist() == [0, 1, 2]


def test_shape_length_and_order() -> None:
    rows = encode(["klaster", "", "cluster", "klaster"])
    assert rows.shape == (4, DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)
    assert (rows[0] == rows[3]).all()


def test_no_texts() -> None:
    assert encode([]).shape == (0, DIMENSIONS)
