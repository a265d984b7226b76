#pragma once
#include <functional>

namespace doudi {

/// Calls `work(item, thread)` for every item in [0, items), on `threads` threads (0: all processors). The only
/// OpenMP site. An exception in an item is thrown again here, the one of the lowest item, after all have ended.
void parallel_for(int items, int threads, const std::function<void(int item, int thread)>& work);

/// How many threads `parallel_for` would use.
int thread_count(int threads);

}  // namespace doudi
