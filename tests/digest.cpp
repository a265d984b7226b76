// Prints the digest of each county of the golden comparison: the heart and the loader alone, so that other compilers and
// levels of optimisation can be held against tests/golden.json without building the rest (tests/python/test_same_bytes.py).
#include "base/digest.hpp"
#include "scenario/load.hpp"
#include "simulate/simulate.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    using namespace doudi;
    if (argc != 4) return 2;  // the scenario folder, county, threads
    Overrides o;
    o.replicates = 12;
    o.counties = {std::atoi(argv[2])};
    const std::filesystem::path folder = argv[1];
    const Plan plan = load_plan({folder / "reforms/subsidies-80.toml", folder / "reforms/dibao-plus-5.toml"}, o);
    const Tally t = simulate_county(plan, shared_draws(plan), 0, std::atoi(argv[3]));
    Digest digest;
    for (const auto* part : {&t.cost, &t.recipients, &t.households, &t.category_households, &t.dibao_single}) digest.add(*part);
    std::printf("%s\n", digest.hex().c_str());
}
