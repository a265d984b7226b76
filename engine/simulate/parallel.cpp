#include "simulate/parallel.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace doudi {

int thread_count(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

void parallel_for(int items, int threads, const std::function<void(int, int)>& work, Errand* errand) {
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(items));
    std::atomic<int> next{0};
#pragma omp parallel num_threads(thread_count(threads))
    for (;;) {
        if (errand && next < items && errand->run_piece()) continue;
        const int item = next++;
        if (item >= items) break;
        try {
            work(item, omp_get_thread_num());
        } catch (...) {
            failures[static_cast<std::size_t>(item)] = std::current_exception();
        }
    }
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

Errand::~Errand() {
    while (!pieces_.empty()) run_next();
}

void Errand::give(std::vector<std::function<void()>> pieces) {
    settle();
    const std::lock_guard guard(lock_);
    pieces_ = std::move(pieces);
    std::reverse(pieces_.begin(), pieces_.end());
}

bool Errand::run_piece() {
    const std::unique_lock guard(lock_, std::try_to_lock);
    if (!guard || pieces_.empty()) return false;
    run_next();
    return true;
}

void Errand::run_next() {
    const auto piece = std::move(pieces_.back());
    pieces_.pop_back();
    try {
        piece();
    } catch (...) {
        failure_ = std::current_exception();
        pieces_.clear();
    }
}

void Errand::settle() {
    const std::lock_guard guard(lock_);
    while (!pieces_.empty()) run_next();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace doudi
