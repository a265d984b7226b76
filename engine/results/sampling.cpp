#include "results/sampling.hpp"

#include <algorithm>
#include <cmath>

namespace doudi {

double SampleGroups::error(const std::function<double(std::size_t, std::size_t)>& of) const {
    if (groups < 2 || replicates == 0) return 0;
    const auto n = static_cast<double>(groups);
    double variance = 0;
    for (std::size_t c = 0; c < counties; ++c) {  // a sample is drawn county by county
        double sum = 0, squares = 0;
        for (std::size_t g = 0; g < groups; ++g) sum += of(g, c);
        for (std::size_t g = 0; g < groups; ++g) squares += (of(g, c) - sum / n) * (of(g, c) - sum / n);
        variance += squares / (n * (n - 1));
    }
    return std::sqrt((1 - std::min(share, 1.0)) * variance) / replicates;
}

}  // namespace doudi
