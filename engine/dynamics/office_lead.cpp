#include "dynamics/office.hpp"

#include <algorithm>

/// What an office knows of policies that differ from its own in the standard.
namespace doudi {

/// Whether nobody whose own income counts has one in the band.
bool Office::alone_alike(const Bands::Band& own, const Home& home) const {
    return std::none_of(home.members().begin(), home.members().end(), [&](const rules::Member& m) {
        return (m.severe_illness || m.disability_grade > 0 || m.tekun) && own.has(m.monthly_income);
    });
}

void Office::take_over(const Office& other, const Uplift& uplift) {
    static_cast<Course&>(*this) = other;
    exit_dibao_ += uplift.dibao(exit_persons_);
    if (!known_) return;
    granted_ = other.granted_;
    granted_.standard = standard_;
    granted_.dibao += uplift.dibao(enrolled_ == Category::dibao_gradual ? exit_persons_ : granted_.dibao_persons);
    granted_.single += uplift.dibao(granted_.single_persons);
    granted_.supplement += uplift.supplement(granted_.supplement, granted_.supplement_persons);
    granted_.tekun_basic += uplift.tekun_basic(granted_.tekun_persons);
}

}  // namespace doudi
