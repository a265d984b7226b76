#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace doudi {

/// Pieces of work that need not be done at once: threads of later loops do them while the loop has items left, so that they
/// never take a processor from it. What is left is done when the errand is settled or destroyed.
class Errand {
public:
    using Piece = std::function<void()>;

    Errand() = default;
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;
    ~Errand();

    /// `pieces` are done in any order, several at a time; `last` when all of them have ended. What was given before is settled
    /// first.
    void give(std::vector<Piece> pieces, Piece last);
    /// Does a piece; false if there is none, or none before others have ended. An exception is kept for `settle`, and the
    /// pieces that were not begun are dropped.
    bool run_piece();
    /// Does what is left, and throws what went wrong. No loop with this errand may be running.
    void settle();

private:
    std::mutex lock_;
    std::vector<Piece> pieces_;
    Piece last_;
    std::size_t running_ = 0;
    std::exception_ptr failure_;
};

/// Calls `work(item, thread)` for every item in [0, items), on `threads` threads (0: all processors). The only
/// OpenMP site. An exception in an item is thrown again here, the one of the lowest item, after all have ended.
void parallel_for(int items, int threads, const std::function<void(int item, int thread)>& work, Errand* errand = nullptr);

/// How many threads `parallel_for` would use.
int thread_count(int threads);

}  // namespace doudi
