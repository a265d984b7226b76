#pragma once

namespace doudi {

/// Logarithm of the gamma function for x > 0; absolute error under 1e-12 times max(1, |value|).
double log_gamma(double x);

/// Distribution function of Beta(a, b), a, b > 0, for x in [0, 1] (the continued fraction of DLMF 8.17.22 by Lentz's method).
double beta_cdf(double x, double a, double b);

/// Quantile of Beta(a, b) for u in (0, 1), to about 1e-12: Newton's steps inside a bracket. No libm, so the same
/// everywhere.
double beta_quantile(double u, double a, double b);

}  // namespace doudi
