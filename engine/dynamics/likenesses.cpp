#include "dynamics/likenesses.hpp"

#include <span>

namespace doudi {

Likenesses::Likenesses(const Kin& kin, const Columns& c, std::size_t at, std::uint64_t todo, int months) {
    const int size = kin.family.size;
    for (int i = 0; i < size; ++i) ask(kin.people[i].disability_score, c.disabled);
    for (int i = 0; i < size; ++i) {
        const Person& p = kin.people[i];
        ask(p.illness_score, c.ill);
        if (p.work_score < 2.0f) {
            ask(p.work_score, c.employed);
            ask(p.work_score, c.employed_disabled);
        }
        if (p.age_months < 22 * 12 && p.age_months + months > 15 * 12) {
            ask(p.school_score, c.secondary);
            ask(p.school_score, c.tertiary);
        }
    }
    const std::size_t tekun = count_;
    if (kin.people[0].tekun_score < 2.0f) ask(kin.people[0].tekun_score, c.tekun);
    answer(at);
    if (count_ > tekun && (bits_[tekun] & todo) != 0)
        for (const auto& under : c.care) ask(kin.people[0].care_score, under);
    for (int i = 0; i < size; ++i)
        if ((bits_[static_cast<std::size_t>(i)] & todo) != 0)  // disabled
            for (const auto& under : c.grade) ask(kin.people[i].grade_score, under);
    answer(at);
}

std::uint64_t Likenesses::like(int place) const {
    std::uint64_t same = ~std::uint64_t{0};
    for (std::size_t k = 0; k < count_; ++k) same &= (bits_[k] >> place & 1u) != 0 ? bits_[k] : ~bits_[k];
    return same;
}

void Likenesses::answer(std::size_t at) {
    compare(std::span(asked_).subspan(answered_, count_ - answered_), at, bits_.data() + answered_);
    answered_ = count_;
}

}  // namespace doudi
