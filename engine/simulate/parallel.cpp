#include "simulate/parallel.hpp"

#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace doudi {

int thread_count(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

namespace {

/// OpenMP keeps its threads between loops, and a forked child has none of them: a loop there would wait for them for ever.
std::atomic<bool> began{false}, orphaned{false};

/// Calls `each` on so many threads at once, numbered from 0.
void in_team(int threads, const std::function<void(int thread)>& each) {
    static const bool watched = [] { return pthread_atfork(nullptr, nullptr, [] { orphaned = began.load(); }) == 0; }();
    if (watched && orphaned) {
        std::vector<std::jthread> team;
        for (int thread = 1; thread < threads; ++thread) team.emplace_back(each, thread);
        each(0);
        return;
    }
    began = true;
#pragma omp parallel num_threads(threads)
    each(omp_get_thread_num());
}

}  // namespace

void parallel_for(int items, int threads, const std::function<void(int, int)>& work, Errand* errand) {
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(items));
    std::atomic<int> next{0};
    in_team(thread_count(threads), [&](int thread) {
        for (;;) {
            if (errand && next < items && errand->run_piece()) continue;
            const int item = next++;
            if (item >= items) break;
            try {
                work(item, thread);
            } catch (...) {
                failures[static_cast<std::size_t>(item)] = std::current_exception();
            }
        }
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

Errand::~Errand() {
    while (run_piece()) {}
}

void Errand::give(std::vector<Piece> pieces, Piece last) {
    settle();
    const std::lock_guard guard(lock_);
    pieces_ = std::move(pieces);
    last_ = std::move(last);
}

bool Errand::run_piece() {
    Piece piece;
    std::unique_lock guard(lock_);
    if (!pieces_.empty()) {
        piece = std::move(pieces_.back());
        pieces_.pop_back();
    } else if (running_ == 0) {
        piece = std::exchange(last_, nullptr);
    }
    if (!piece) return false;
    ++running_;
    guard.unlock();
    std::exception_ptr failure;
    try {
        piece();
    } catch (...) {
        failure = std::current_exception();
    }
    guard.lock();
    --running_;
    if (failure) {
        if (!failure_) failure_ = failure;
        pieces_.clear();
        last_ = nullptr;
    }
    return true;
}

void Errand::settle() {
    while (run_piece()) {}
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace doudi
