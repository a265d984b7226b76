#include "population/seed.hpp"

namespace doudi {

const SeedTable& default_seed() {
    static const SeedTable table = [] {
        SeedTable t;
        const double by_size[FamilyKind::largest] = {0.34, 0.45, 0.33, 0.13, 0.06, 0.02, 0.007, 0.003};
        const double by_children[FamilyKind::most_children + 1] = {1.0, 1.2, 0.5, 0.05, 0.01};
        for (int size = 1; size <= FamilyKind::largest; ++size)
            for (int aged = 0; aged <= FamilyKind::most_aged; ++aged)
                for (int children = 0; children <= FamilyKind::most_children; ++children) {
                    const FamilyKind kind{size, aged, children};
                    if (!kind.possible()) continue;
                    const int adults = size - aged - children;
                    // Most of 65+ live as couples or alone; few raise children without anyone of 15 to 64.
                    const double home = aged == 2 && size == 2 ? 2.5 : aged == 1 && size == 1 ? 1.2 : 1.0;
                    t[kind] = by_size[size - 1] * by_children[children] * home * (children == 0 || adults >= 2 ? 1.0 : adults == 1 ? 0.3 : 0.1);
                }
        return t;
    }();
    return table;
}

}  // namespace doudi
