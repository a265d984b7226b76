#include "dynamics/help.hpp"

#include "random/math.hpp"
#include "rules/temporary.hpp"

namespace doudi {

bool claims_acute(const Shock& shock, const World& world) {
    using Kind = Shock::Kind;
    const bool never = shock.kind == Kind::death || shock.kind == Kind::job_loss;
    return shock.kind == Kind::emergency || (!never && shock.claim > 1 - world[Assumption::temp_acute]);
}

void pay_acute(const Shock& shock, const World& world, const LocalPolicy& policy, Adder& to) {
    using rules::Event;
    Event event;
    event.type = Event::Type::acute;
    event.need = static_cast<Fen>(shock.hardness * 100.0 * world[Assumption::temp_need]);
    const auto amount = [&] { return rules::temporary_assistance(event, 0, 0, 0, false, policy.policy); };
    const Fen first = amount();
    to.pay(Programme::temporary, first, 1, shock.month, shock.month + 1);
    event.stage = Event::Stage::topup;
    event.paid = first;
    const int later = shock.month + policy.temp_topup_lag;
    to.pay(Programme::temporary, amount(), 1, later, later + 1);
}

}  // namespace doudi
