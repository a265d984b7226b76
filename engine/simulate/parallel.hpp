#pragma once
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace doudi {

/// Pieces of work that need not be done at once: threads of later loops do them, one at a time and in order, while the loop has
/// items left, so that they never take a processor from it. What is left is done when the errand is settled or destroyed.
class Errand {
public:
    Errand() = default;
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;
    ~Errand();

    /// What was given before is settled first.
    void give(std::vector<std::function<void()>> pieces);
    /// Does the next piece; false if there is none or another thread is at one. An exception is kept for `settle`, and the
    /// pieces after it are dropped.
    bool run_piece();
    /// Does what is left, and throws what went wrong.
    void settle();

private:
    void run_next();

    std::mutex lock_;
    std::vector<std::function<void()>> pieces_;  ///< those to do, the last one first
    std::exception_ptr failure_;
};

/// Calls `work(item, thread)` for every item in [0, items), on `threads` threads (0: all processors). The only
/// OpenMP site. An exception in an item is thrown again here, the one of the lowest item, after all have ended.
void parallel_for(int items, int threads, const std::function<void(int item, int thread)>& work, Errand* errand = nullptr);

/// How many threads `parallel_for` would use.
int thread_count(int threads);

}  // namespace doudi
