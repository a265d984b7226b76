#include "dynamics/claims.hpp"

#include "random/math.hpp"

namespace doudi {
namespace {

double responding(double factor, double ratio, double response) {
    if (response > 0 && ratio != 1) factor *= portable_exp(response * portable_log(ratio));
    return factor;
}

}  // namespace

double dibao_take_up(const World& w, const LocalPolicy& p) {
    return p.take_up_factor * w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural);
}

double living_take_up(const World& w, const LocalPolicy& p) {
    return responding(p.living_take_up_factor, p.living_ratio, w[Assumption::takeup_response]) * w[Assumption::takeup_living];
}

double nursing_take_up_factor(const World& w, const LocalPolicy& p) {
    return responding(p.nursing_take_up_factor, p.nursing_ratio, w[Assumption::takeup_response]);
}

double nursing_take_up(const World& w, const LocalPolicy& p) { return nursing_take_up_factor(w, p) * w[Assumption::takeup_nursing]; }

Claims::Claims(std::span<const World> worlds, const LocalPolicy& policy) {
    const auto fill = [&](Column<float>& column, double (*share)(const World&, const LocalPolicy&)) {
        column.assign(Columns::padded(worlds.size()), 0);
        for (std::size_t r = 0; r < worlds.size(); ++r) column[r] = threshold(share(worlds[r], policy));
    };
    fill(dibao, dibao_take_up);
    fill(living, living_take_up);
    fill(nursing, nursing_take_up);
}

}  // namespace doudi
