#include "dynamics/lasting.hpp"

#include "random/math.hpp"

namespace doudi {

LastingIncome::LastingIncome(const Family& f, const World& w) : world_(w) {
    own_[0] = 1;
    if (years() == 1) return;
    const Words words = Draws(w.seed, Purpose::lasting_income, w.replicate, f.id).block(0);
    const double sd = w.permanent_sd;
    for (std::size_t year = 1; year < w.growth.size(); ++year)
        own_[year] = own_[year - 1] * (sd > 0 ? portable_exp(sd * inverse_normal(unit(words[year - 1])) - 0.5 * sd * sd) : 1.0);
}

}  // namespace doudi
