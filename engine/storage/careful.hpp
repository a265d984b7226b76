#pragma once
#include <filesystem>
#include <functional>

namespace doudi {

/// Runs `work`, which reads a file that nothing vouches for, in a child process first: a crash, a hang or a demand for
/// memory without end becomes an InputError that names the file, and faults that are found there are told here. If there are none, runs it here.
void read_with_care(const std::filesystem::path& file, const std::function<void()>& work);

}  // namespace doudi
