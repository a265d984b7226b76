#include "population/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace doudi {
namespace {

using Weights = std::array<double, family_kinds>;
using Counts = std::array<std::int64_t, family_kinds>;

/// Kinds in the order of the table, so that sums always run the same way.
const std::vector<FamilyKind>& kinds() {
    static const std::vector<FamilyKind> list = [] {
        std::vector<FamilyKind> all;
        for (int size = 1; size <= FamilyKind::largest; ++size)
            for (int aged = 0; aged <= FamilyKind::most_aged; ++aged)
                for (int children = 0; children <= FamilyKind::most_children; ++children)
                    if (const FamilyKind kind{size, aged, children}; kind.possible()) all.push_back(kind);
        return all;
    }();
    return list;
}

/// Multiplies the kinds that `chosen` picks so that they sum to `total`.
template <class Chosen>
void scale_to(Weights& w, double total, Chosen chosen) {
    double sum = 0;
    for (const FamilyKind& k : kinds())
        if (chosen(k)) sum += w[k.place()];
    if (sum <= 0) return;
    for (const FamilyKind& k : kinds())
        if (chosen(k)) w[k.place()] *= total / sum;
}

/// Multiplies every kind by factor^items so that the items sum to `total` while the number of families of `chosen`
/// stays: the exponential tilt of a count. Bisection on the factor by square roots: no power function is needed.
template <class Chosen, class Items>
void tilt_to(Weights& w, double total, Chosen chosen, Items items) {
    // By number of items: what matters for the factor is only how many families have how many.
    std::array<double, FamilyKind::largest + 1> mass{};
    double families = 0, now = 0;
    for (const FamilyKind& k : kinds())
        if (chosen(k)) {
            mass[static_cast<std::size_t>(items(k))] += w[k.place()];
            families += w[k.place()];
            now += items(k) * w[k.place()];
        }
    if (families <= 0 || std::abs(now - total) <= 1e-9 * (1 + total)) return;
    double low = 1e-4, high = 1e4, factor = 1, lift = 1;
    for (int step = 0; step < 60; ++step) {
        factor = std::sqrt(low * high);
        double sum = 0, mean = 0, power = 1;
        for (std::size_t n = 0; n < mass.size(); ++n, power *= factor) {
            sum += mass[n] * power;
            mean += static_cast<double>(n) * mass[n] * power;
        }
        lift = families / sum;
        (mean * lift < total ? low : high) = factor;
    }
    for (const FamilyKind& k : kinds())
        if (chosen(k)) {
            for (int n = items(k); n > 0; --n) w[k.place()] *= factor;
            w[k.place()] *= lift;
        }
}

Weights fitted(const CellMargins& m, const SeedTable& seed) {
    Weights w = seed.weight;
    const auto single = [](const FamilyKind& k) { return k.size == 1; };
    const auto larger = [](const FamilyKind& k) { return k.size > 1; };
    const double aged[4] = {static_cast<double>(m.households - m.with_n_65[0] - m.with_n_65[1] - m.with_n_65[2]),
                            static_cast<double>(m.with_n_65[0]), static_cast<double>(m.with_n_65[1]), static_cast<double>(m.with_n_65[2])};
    for (int round = 0; round < 300; ++round) {
        const Weights before = w;
        for (int n = 0; n < 4; ++n) scale_to(w, std::max(aged[n], 0.0), [n](const FamilyKind& k) { return k.aged == n; });
        tilt_to(w, static_cast<double>(m.children), larger, [](const FamilyKind& k) { return k.children; });
        tilt_to(w, static_cast<double>(m.persons - m.one_person), larger, [](const FamilyKind& k) { return k.size; });
        scale_to(w, static_cast<double>(m.one_person), single);
        scale_to(w, static_cast<double>(std::max<std::int64_t>(m.households - m.one_person, 0)), larger);
        double moved = 0;
        for (std::size_t i = 0; i < w.size(); ++i) moved = std::max(moved, std::abs(w[i] - before[i]));
        if (moved < 1e-3) break;  // a thousandth of a family
    }
    return w;
}

/// Whole families for the kinds of one group, with the exact total: floors, then one each by largest remainder.
void round_group(const Weights& w, const std::vector<FamilyKind>& group, std::int64_t total, Counts& counts) {
    std::vector<std::pair<double, std::size_t>> rest;
    double sum = 0;
    for (const FamilyKind& k : group) sum += w[k.place()];
    std::int64_t have = 0;
    for (const FamilyKind& k : group) {
        const double wanted = sum > 0 ? w[k.place()] * static_cast<double>(total) / sum : 0.0;
        counts[k.place()] = static_cast<std::int64_t>(wanted);
        have += counts[k.place()];
        if (w[k.place()] > 0) rest.emplace_back(wanted - static_cast<double>(counts[k.place()]), k.place());
    }
    std::stable_sort(rest.begin(), rest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    if (!rest.empty())
        for (std::size_t i = 0; have < total; i = (i + 1) % rest.size(), ++have) ++counts[rest[i].second];
}

/// Moves single families by `step` (a member of 15-64 more or less, or a child in the place of one), each time where the
/// fit asks most for it, until `missing` is used up or no move is left.
void move_families(const Weights& w, Counts& counts, std::int64_t missing, FamilyKind step) {
    for (; missing != 0; missing += missing > 0 ? -1 : 1) {
        double best = -1e300;
        std::size_t from = 0, to = 0;
        for (const FamilyKind& k : kinds()) {
            const FamilyKind next{k.size + step.size, k.aged, k.children + step.children};
            if (k.size == 1 || !next.possible() || w[k.place()] <= 0 || w[next.place()] <= 0) continue;
            const std::size_t a = missing > 0 ? k.place() : next.place(), b = missing > 0 ? next.place() : k.place();
            if (counts[a] == 0) continue;
            const double gain = (w[b] - static_cast<double>(counts[b])) - (w[a] - static_cast<double>(counts[a]));
            if (gain > best) {
                best = gain;
                from = a;
                to = b;
            }
        }
        if (from == to) return;
        --counts[from];
        ++counts[to];
    }
}

}  // namespace

Layout layout_of(const CellMargins& m, const SeedTable& seed) {
    Layout layout;
    if (m.households == 0) return layout;
    const Weights w = fitted(m, seed);
    Counts counts{};
    // Those living alone at 65+ are what is left of the household margins: every group has then its exact number.
    const std::int64_t larger = std::max<std::int64_t>(m.households - m.one_person, 0);
    const std::int64_t most = std::min(m.with_n_65[0], m.one_person);
    const std::int64_t least = std::clamp<std::int64_t>(m.with_n_65[0] + m.with_n_65[1] + m.with_n_65[2] - larger, 0, most);
    const auto alone = std::clamp(static_cast<std::int64_t>(w[FamilyKind{1, 1, 0}.place()] + 0.5), least, most);
    counts[FamilyKind{1, 1, 0}.place()] = alone;
    counts[FamilyKind{1, 0, 0}.place()] = m.one_person - alone;
    const std::int64_t by_aged[4] = {std::max<std::int64_t>(larger - (m.with_n_65[0] - alone) - m.with_n_65[1] - m.with_n_65[2], 0),
                                     m.with_n_65[0] - alone, m.with_n_65[1], m.with_n_65[2]};
    for (int aged = 0; aged < 4; ++aged) {
        std::vector<FamilyKind> group;
        for (const FamilyKind& k : kinds())
            if (k.size > 1 && k.aged == aged) group.push_back(k);
        round_group(w, group, by_aged[aged], counts);
    }
    std::int64_t persons = 0, children = 0;
    for (const FamilyKind& k : kinds()) persons += k.size * counts[k.place()];
    move_families(w, counts, m.persons - persons, {1, 0, 0});
    for (const FamilyKind& k : kinds()) children += k.children * counts[k.place()];
    move_families(w, counts, m.children - children, {0, 0, 1});
    for (const FamilyKind& k : kinds()) {
        const std::int64_t count = counts[k.place()];
        if (count == 0) continue;
        layout.types.push_back({k.size, k.aged, k.children, count, layout.families, layout.aged, layout.adults});
        layout.families += count;
        layout.aged += count * k.aged;
        layout.children += count * k.children;
        layout.adults += count * (k.size - k.aged - k.children);
        layout.persons += count * k.size;
    }
    return layout;
}

}  // namespace doudi
