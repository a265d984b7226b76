#include "results/sums.hpp"

#include <array>

namespace doudi {

Sums::Sums(const Sizes& n) : sizes(n) {
    const std::size_t cells = n.scenarios * n.replicates * n.counties * residence_count;
    cost.assign(cells * n.programmes, 0);
    recipients = households = cost;
    category_households.assign(cells * category_count, 0);
    monthly_cost.assign(n.scenarios * n.replicates * n.months, 0);
}

void Sums::add(std::size_t cube, std::size_t scenario, std::size_t county, std::span<const std::int64_t> values) {
    const std::array<std::vector<std::int64_t>*, 4> sums{&cost, &recipients, &households, &category_households};
    const std::size_t months = sizes.months, width = residence_count * (cube < 3 ? sizes.programmes : category_count);
    const std::int64_t* value = values.data();
    for (std::size_t r = 0; r < sizes.replicates; ++r) {
        std::int64_t* const total = &(*sums[cube])[((scenario * sizes.replicates + r) * sizes.counties + county) * width];
        std::int64_t* const by_month = &monthly_cost[(scenario * sizes.replicates + r) * months];
        for (std::size_t k = 0; k < width; ++k)
            for (std::size_t m = 0; m < months; ++m, ++value) {
                total[k] += *value;
                if (cube == 0) by_month[m] += *value;
            }
    }
}

void Sums::add(std::size_t county, const Tally& tally) {
    const std::array<const std::vector<std::int64_t>*, 4> cubes{&tally.cost, &tally.recipients, &tally.households, &tally.category_households};
    for (std::size_t cube = 0; cube < cubes.size(); ++cube) {
        const std::size_t each = cubes[cube]->size() / sizes.scenarios;
        for (std::size_t s = 0; s < sizes.scenarios; ++s) add(cube, s, county, std::span(*cubes[cube]).subspan(s * each, each));
    }
}

}  // namespace doudi
