#include "simulate/counties.hpp"

#include "simulate/parallel.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace doudi {

bool one_county_a_thread(const Plan& plan, int threads) {
    constexpr double small = 10'000;  // families of a county
    double families = 0;
    for (const County& c : plan.counties) families += static_cast<double>(c.households) * plan.sample_share;
    const auto counties = static_cast<double>(plan.counties.size());
    const int many = thread_count(threads);
    return many > 1 && counties >= 2 * many && families < small * counties;
}

void each_county(const Plan& plan, const SharedDraws& shared, int threads, const std::function<void(std::size_t)>& begin,
                 const std::function<void(std::size_t, const Tally&)>& take, const std::atomic<bool>* stop) {
    const auto stopped = [&] { return stop && *stop; };
    if (!one_county_a_thread(plan, threads)) {
        for (std::size_t c = 0; c < plan.counties.size(); ++c) {
            begin(c);
            const Tally tally = simulate_county(plan, shared, c, threads, stop);
            if (stopped()) return;
            take(c, tally);
        }
        return;
    }
    const std::size_t ahead = 2 * static_cast<std::size_t>(thread_count(threads));  // tallies that may wait for a slow county
    std::mutex lock;
    std::condition_variable moved;
    std::map<std::size_t, Tally> waiting;
    std::size_t next = 0;
    bool ended = false;  // by the stop or an exception: nobody waits for a county that does not come
    const auto end = [&] {
        const std::lock_guard guard(lock);
        ended = true;
        moved.notify_all();
    };
    parallel_for(static_cast<int>(plan.counties.size()), threads, [&](int item, int) {
        const auto c = static_cast<std::size_t>(item);
        try {
            {
                const std::lock_guard guard(lock);
                if (ended) return;
                begin(c);
            }
            Tally tally = simulate_county(plan, shared, c, 1, stop);
            if (stopped()) return end();
            std::unique_lock guard(lock);
            moved.wait(guard, [&] { return ended || c == next || waiting.size() < ahead; });
            if (ended) return;
            waiting.emplace(c, std::move(tally));
            for (auto first = waiting.begin(); !stopped() && first != waiting.end() && first->first == next; first = waiting.erase(first), ++next) take(first->first, first->second);
            ended = stopped();
            moved.notify_all();
        } catch (...) {
            end();
            throw;
        }
    });
}

}  // namespace doudi
