#include "simulate/parallel.hpp"

#include <omp.h>

#include <exception>
#include <vector>

namespace doudi {

int thread_count(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

void parallel_for(int items, int threads, const std::function<void(int, int)>& work) {
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(items));
#pragma omp parallel for schedule(dynamic, 1) num_threads(thread_count(threads))
    for (int item = 0; item < items; ++item) {
        try {
            work(item, omp_get_thread_num());
        } catch (...) {
            failures[static_cast<std::size_t>(item)] = std::current_exception();
        }
    }
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

}  // namespace doudi
