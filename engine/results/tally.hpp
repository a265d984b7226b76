#pragma once
#include "base/labels.hpp"
#include "base/money.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace doudi {

/// Everything one county adds to the result, as integers, so that the order of adding cannot matter.
/// Flat row-major arrays over [scenario, replicate, residence, programme or category, month].
struct Tally {
    int scenarios = 0, replicates = 0, months = 0;
    int programmes = programme_count;  ///< the paying programmes, then the special modules that are on
    std::vector<Fen> cost;                          ///< [scenario, replicate, residence, programme, month] fen
    std::vector<std::int64_t> recipients;           ///< same shape, persons paid
    std::vector<std::int64_t> households;           ///< same shape, households paid
    std::vector<std::int64_t> category_households;  ///< [scenario, replicate, residence, category, month]
    std::vector<Fen> dibao_single;                  ///< [scenario, replicate, residence, month], part of dibao

    Tally() = default;
    Tally(int scenarios, int replicates, int months, int programmes = programme_count)
        : scenarios(scenarios), replicates(replicates), months(months), programmes(programmes) {
        const auto cells = static_cast<std::size_t>(scenarios) * static_cast<std::size_t>(replicates) *
                           static_cast<std::size_t>(residence_count) * static_cast<std::size_t>(months);
        cost.assign(cells * static_cast<std::size_t>(programmes), 0);
        recipients.assign(cells * static_cast<std::size_t>(programmes), 0);
        households.assign(cells * static_cast<std::size_t>(programmes), 0);
        category_households.assign(cells * category_count, 0);
        dibao_single.assign(cells, 0);
    }

    std::size_t pay_index(int scenario, int replicate, int residence, int programme, int month) const {
        return index(scenario, replicate, residence, programmes, programme, month);
    }
    std::size_t category_index(int scenario, int replicate, int residence, int category, int month) const {
        return index(scenario, replicate, residence, category_count, category, month);
    }
    std::size_t single_index(int scenario, int replicate, int residence, int month) const {
        return index(scenario, replicate, residence, 1, 0, month);
    }

    /// Takes over a tally of some of the replicates: its replicate k becomes this one's replicates[k].
    void place(const Tally& part, const std::vector<int>& replicate) {
        place(cost, part.cost, part.replicates, replicate);
        place(recipients, part.recipients, part.replicates, replicate);
        place(households, part.households, part.replicates, replicate);
        place(category_households, part.category_households, part.replicates, replicate);
        place(dibao_single, part.dibao_single, part.replicates, replicate);
    }

    /// Adds one replicate of a tally of the same shape.
    void add(const Tally& other, int replicate) {
        add(cost, other.cost, replicate);
        add(recipients, other.recipients, replicate);
        add(households, other.households, replicate);
        add(category_households, other.category_households, replicate);
        add(dibao_single, other.dibao_single, replicate);
    }

private:
    std::size_t index(int scenario, int replicate, int residence, int width, int place, int month) const {
        return static_cast<std::size_t>(
            ((((static_cast<std::int64_t>(scenario) * replicates + replicate) * residence_count + residence) * width +
              place) * months) + month);
    }
    void place(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from, int count, const std::vector<int>& replicate) const {
        const auto width = static_cast<std::ptrdiff_t>(to.size()) / scenarios / replicates;
        for (std::ptrdiff_t s = 0; s < scenarios; ++s)
            for (std::ptrdiff_t k = 0; k < count; ++k)
                std::copy_n(from.begin() + (s * count + k) * width, width, to.begin() + (s * replicates + replicate[static_cast<std::size_t>(k)]) * width);
    }
    void add(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from, int replicate) const {
        const std::size_t width = to.size() / static_cast<std::size_t>(scenarios) / static_cast<std::size_t>(replicates);
        for (int s = 0; s < scenarios; ++s) {
            const std::size_t at = static_cast<std::size_t>(s * replicates + replicate) * width;
            for (std::size_t i = at; i < at + width; ++i) to[i] += from[i];
        }
    }
};

}  // namespace doudi
