#include "simulate/snapshot.hpp"

#include "dynamics/home.hpp"
#include "dynamics/office.hpp"
#include "dynamics/walk.hpp"
#include "simulate/cell.hpp"
#include "simulate/parallel.hpp"
#include "simulate/shared.hpp"

namespace doudi {

std::string household_text(std::uint64_t id) {
    return std::to_string(id >> 32) + '-' + std::string(residence_labels[id >> 31 & 1]) + '-' + std::to_string(id & 0x7fffffffu);
}

std::string snapshot(const Plan& plan, std::size_t county, Residence residence, std::uint32_t replicate, int month, int threads,
                     const HouseholdText& text) {
    const GeneratedCell cell = generate_cell(plan, plan.counties[county], residence, threads, replicate % static_cast<std::uint32_t>(plan.population_draws));
    const auto parameter = draw_parameters(plan, replicate);
    IncomeCurves curves;
    const World world = make_world(plan, plan.counties[county], residence, replicate, replicate, parameter,
                                   county_factors(plan, plan.counties[county], replicate, parameter), curves);
    const std::vector<LocalPolicy> policies{local_policies(plan, county, residence)[0]};
    // Months after the wanted one need not be lived: a shorter horizon meets the same draws.
    Calendar calendar = calendar_of(plan);
    calendar.months = month + 1;
    std::vector<std::string> texts(cell.blocks.size());
    parallel_for(static_cast<int>(cell.blocks.size()), threads, [&](int b, int) {
        const Cell& block = cell.blocks[static_cast<std::size_t>(b)];
        std::string& to = texts[static_cast<std::size_t>(b)];
        const Family* family = nullptr;
        const Walker walk(calendar, policies, false, true, [&](int at, std::size_t, const Home& home, const Office& office) {
            if (at == calendar.burn_in + month) text(to, *family, office.seen(home));
        });
        Ledger unread(1, 1, plan.programmes(), calendar.months);
        for (const Family& f : block.families) {
            family = &f;
            const Kin kin(f, &block.people[f.first], calendar);
            Quiet quiet = walk.quiet(kin);
            walk(kin, quiet, world, unread);
        }
    });
    std::string all;
    for (const std::string& part : texts) all += part;
    return all;
}

}  // namespace doudi
