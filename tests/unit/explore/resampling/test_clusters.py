import numpy as np
import pytest

from coppice.explore.resampling.clusters import pointed_at


def test_a_study_that_makes_the_clusters_is_explained_wholly_and_another_not_at_all():
    used = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
    assert list(pointed_at(used, np.array([0, 0, 1, 1]))) == pytest.approx([1.0, 0.0])


def test_one_cluster_explains_nothing():
    assert not pointed_at(np.array([[1, 1], [1, 0]]), np.array([0, 0])).any()
