// Any text as a reform, a base, a file of the law, a file of beliefs or a --set: read into a plan, or refused with words.
#include "base/bounds.hpp"
#include "base/error.hpp"
#include "fuzz/folder.hpp"
#include "scenario/load.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace doudi;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    static const std::string shipped_law = folder.read("law/two-subsidies.toml"), shipped_beliefs = folder.read("assumptions/jilin-calibrated.toml");
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    Overrides overrides;
    std::string file = "jilin-2024.toml";
    switch (data[0] % 5) {
        case 0: folder.write(file = "reforms/fuzzed.toml", "base = \"jilin-2024.toml\"\n" + std::string(text)); break;
        case 1: folder.write(file = "fuzzed-base.toml", text); break;
        case 2: folder.write("law/two-subsidies.toml", text); break;
        case 3: folder.write("assumptions/jilin-calibrated.toml", text); break;
        case 4: overrides.set = {std::string(text)}; break;
    }
    try {
        const Plan plan = load_plan({folder / file}, overrides);
        HOLDS(!plan_text(plan).empty());
        HOLDS(plan.counties.size() == 2 && plan.months >= 1 && plan.months <= most_months && plan.replicates <= most_replicates);
        for (const PolicyScenario& s : plan.scenarios) {
            for (const auto& level : s.standard)
                for (const Fen fen : level) HOLDS(fen >= 0 && fen <= most_standard);
            HOLDS(s.policy.living >= 0 && s.policy.living <= most_amount && s.policy.nursing >= 0 && s.policy.nursing <= most_amount);
        }
    } catch (const InputError& e) {
        HOLDS(!e.faults().empty() && !e.faults().front().what.empty());
    }
    folder.write("law/two-subsidies.toml", shipped_law);
    folder.write("assumptions/jilin-calibrated.toml", shipped_beliefs);
    return 0;
}
