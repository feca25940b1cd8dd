"""One factor behind several items, by maximum likelihood (Jöreskog 1967; Lawley and Maxwell 1971, chapter 4)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

FLAT = 1e-5
"""The steepest slope at what counts as the lowest point."""

Matrix = NDArray[np.float64]
LEAST_UNIQUE = 0.005
"""The least share of an item's variance that is its own: the usual bound, at which an answer is called improper."""


class OneFactor(NamedTuple):
    """`loadings` on the factor and `unique` variances, of items in units of their standard deviations.

    `proper`: the lowest point was found, and no item lies at the bound (a Heywood case).
    """

    loadings: Matrix
    unique: Matrix
    proper: bool


def one_factor(correlations: Matrix) -> OneFactor | None:
    """None where there is no answer: fewer than three items, or correlations of no positive definite matrix.

    Minimises log|Ψ| + what the eigenvalues of Ψ^(−½) R Ψ^(−½) beyond the first leave unexplained, over the unique
    variances Ψ; loadings follow from the first eigenvector.
    """
    k = len(correlations)
    if k < 3 or not np.isfinite(correlations).all() or np.linalg.eigvalsh(correlations)[0] <= 1e-9:
        return None
    # communalities begin at the squared multiple correlations, as usual
    start = np.clip(1 / np.diag(np.linalg.inv(correlations)), LEAST_UNIQUE, 1)
    found = minimize(
        _misfit,
        start,
        args=(correlations,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUE, 1.0)] * k,
        options={"maxiter": 1_000, "ftol": 1e-14, "gtol": 1e-9},
    )
    unique = np.asarray(found.x, dtype=np.float64)
    value, vector = _first(correlations, unique)
    loadings = np.sqrt(unique) * vector * np.sqrt(max(value - 1, 0.0))
    if loadings.sum() < 0:
        loadings = -loadings
    # the search says that it failed, too, where rounding lets it get no nearer to the lowest point
    settled = float(np.abs(found.jac).max()) < FLAT
    return OneFactor(loadings, unique, settled and unique.min() > LEAST_UNIQUE * 1.001)


def _scaled(correlations: Matrix, unique: Matrix) -> Matrix:
    root = 1 / np.sqrt(unique)
    return np.asarray(correlations * np.outer(root, root))


def _first(correlations: Matrix, unique: Matrix) -> tuple[float, Matrix]:
    values, vectors = np.linalg.eigh(_scaled(correlations, unique))
    return float(values[-1]), vectors[:, -1]


def _misfit(unique: Matrix, correlations: Matrix) -> tuple[float, Matrix]:
    values, vectors = np.linalg.eigh(_scaled(correlations, unique))
    rest = values[:-1]
    misfit = float((rest - np.log(rest) - 1).sum())
    loadings = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    gradient = (loadings**2 + unique - np.diag(correlations)) / unique**2
    return misfit, gradient
