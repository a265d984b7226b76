#include "rules/modules.hpp"

#include "rules/person.hpp"

namespace doudi::rules {
namespace {

bool qualifies(const ModuleInfo& info, const ModuleTerms& terms, PersonStatus status) {
    switch (status) {
        case PersonStatus::dibao:
        case PersonStatus::dibao_single:
        case PersonStatus::dibao_gradual: return info.dibao;
        case PersonStatus::tekun: return info.tekun;
        case PersonStatus::edge: return info.edge || terms.extend_edge_rigid;
        case PersonStatus::rigid: return info.rigid || terms.extend_edge_rigid;
        case PersonStatus::monitored: return info.monitored;
        case PersonStatus::none:
        case PersonStatus::orphan:
        case PersonStatus::out: break;
    }
    return false;
}

bool meant(Module module, const Member& m) {
    switch (module) {
        case Module::medical_aid: return m.severe_illness;
        case Module::education: return m.student;
        case Module::employment: return m.age >= 16 && m.age < 60 && !m.employed && !m.student && !severe_grade_1_2(m) && !m.severe_illness;
        case Module::services:
            return is_minor(m) || severe_grade_1_2(m) || (m.age >= 60 && (m.care_level == CareLevel::semi || m.care_level == CareLevel::full));
        case Module::medical_premium:
        case Module::housing:
        case Module::disaster:
        case Module::heating:
        case Module::funeral: break;
    }
    return true;
}

Fen amount_for(const ModuleTerms& t, const Member& m, bool tekun, Residence residence) {
    const auto given = [&](Fen special) { return special >= 0 ? special : t.amount; };
    if (tekun && t.amount_tekun >= 0) return t.amount_tekun;
    if (residence == Residence::rural && t.amount_rural >= 0) return t.amount_rural;
    if (m.school_level == SchoolLevel::secondary) return given(t.amount_secondary);
    if (m.school_level == SchoolLevel::tertiary) return given(t.amount_tertiary);
    return t.amount;
}

}  // namespace

ModuleDue module_due(Module module, const ModuleTerms& terms, const Household& h, const Decision& d, Residence residence) {
    const ModuleInfo& info = module_table[static_cast<std::size_t>(module)];
    ModuleDue due;
    const bool by_person = info.target == ModuleInfo::Target::person;
    for (std::size_t i = 0; i < h.members.size(); ++i) {
        const Member& m = h.members[i];
        if (!qualifies(info, terms, d.status[i]) || !meant(module, m)) continue;
        const bool tekun = d.status[i] == PersonStatus::tekun;
        const Fen amount = amount_for(terms, m, tekun, residence);
        (tekun ? due.tekun_persons : due.other_persons) += 1;
        if (by_person) (tekun ? due.tekun : due.others) += amount;
        else (tekun ? due.tekun : due.others) = amount;
    }
    return due;
}

}  // namespace doudi::rules
