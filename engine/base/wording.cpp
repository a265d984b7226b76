#include "base/wording.hpp"

#include "base/text.hpp"

namespace doudi {

Wording nearest(std::string_view word, std::span<const std::string> candidates) {
    const std::string best = closest(word, candidates);
    return best.empty() ? Wording() : both("; did you mean \"{}\"?", "；是否应为 \"{}\"？", best);
}

Wording residence_wording(std::size_t residence) { return {std::string(residence_labels[residence]), residence == 0 ? "城镇" : "农村"}; }

Wording standard_wording(std::size_t residence) { return {std::string(residence_labels[residence]), residence == 0 ? "城市" : "农村"}; }

}  // namespace doudi
