#include "dynamics/office.hpp"

/// What the office pays by modules of the law that are switched on.
namespace doudi {

/// Whether this family is among the share that takes the module up: one address, whatever the policy.
bool Office::draws_module(std::size_t place) const {
    const auto module = static_cast<std::size_t>(policy_->modules_on[place]);
    const rules::ModuleTerms& terms = policy_->modules[module];
    return terms.on && unit(Draws(world_.seed, Purpose::module, 0, family_.id).bits(static_cast<std::uint32_t>(module))) * 10000 < terms.share_bp;
}

void Office::pay_modules(int from, int to, Adder& tally) const {
    for (std::size_t k = 0; k < policy_->modules_on.size(); ++k) {
        const rules::ModuleInfo& info = rules::module_table[static_cast<std::size_t>(policy_->modules_on[k])];
        if (info.target == rules::ModuleInfo::Target::disaster || info.target == rules::ModuleInfo::Target::death || !draws_module(k)) continue;
        const rules::ModuleTerms& terms = policy_->modules[static_cast<std::size_t>(policy_->modules_on[k])];
        const unsigned mask = terms.months != 0 ? terms.months : info.months;
        for (int month = std::max(from, calendar_.burn_in); month < to; ++month) {
            if ((mask >> ((calendar_.start + (month - calendar_.burn_in)).month() - 1) & 1u) == 0) continue;
            const bool enrolled = known_ && month >= pay_from_;
            const rules::ModuleDue none{}, &now = modules_now_[k], &granted = enrolled && !modules_granted_.empty() ? modules_granted_[k] : none;
            const bool once = info.target == rules::ModuleInfo::Target::family && granted.others > 0;
            tally.pay(programme_count + static_cast<int>(k), (once ? 0 : now.tekun) + granted.others, now.tekun_persons + granted.other_persons, tally.span(month, month + 1));
        }
    }
}

void Office::pay_disaster(int month, const Home& home, Adder& to) const {
    for (std::size_t k = 0; k < policy_->modules_on.size(); ++k) {
        const auto target = rules::module_table[static_cast<std::size_t>(policy_->modules_on[k])].target;
        if (target != rules::ModuleInfo::Target::disaster || !home.disaster_now() || !draws_module(k)) continue;
        const bool enrolled = known_ && month >= pay_from_ && !modules_granted_.empty();
        const rules::ModuleDue& due = enrolled ? modules_granted_[k] : modules_now_[k];
        const Fen amount = enrolled && due.others > 0 ? due.others : due.tekun;
        to.pay(programme_count + static_cast<int>(k), amount, 1, to.span(month, month + 1));
    }
}

void Office::pay_deaths(int month, const Home& home, Adder& to) const {
    for (std::size_t k = 0; k < policy_->modules_on.size(); ++k) {
        if (rules::module_table[static_cast<std::size_t>(policy_->modules_on[k])].target != rules::ModuleInfo::Target::death || !draws_module(k)) continue;
        // A tekun person is buried as one, whatever his family is; anyone else as a member of an enrolled family.
        const int tekun = modules_now_[k].tekun_persons > 0 ? home.dead().tekun : 0;
        const bool enrolled = known_ && month >= pay_from_ && !modules_granted_.empty() && modules_granted_[k].other_persons > 0;
        const int others = enrolled ? home.dead().all - tekun : 0;
        to.pay(programme_count + static_cast<int>(k), tekun * modules_now_[k].tekun + (enrolled ? others * modules_granted_[k].others : 0), tekun + others, to.span(month, month + 1));
    }
}

}  // namespace doudi
